{#-
  What became of every build, `make build`, plain `dbt build` and `dbt run` alike: a row of `historique.constructions`, begun before the
  first model and ended after the last.

  `make build` gives its build a number (`BUILD_LAUNCH`), and the session that keeps the lock while dbt lives (`BUILD_SESSION`); it
  completes the row of a dbt that could not do so itself (`loaders/builds.py`). A build without it that dies leaves a row without
  an end, which the next build closes.
-#}

{#- The sessions that hold the lock of loads and builds (`loaders/postgres.py`): as long as one lives, so does what has taken it. -#}
{% macro sessions_at_work() -%}
    select pid
    from pg_locks
    where
        locktype = 'advisory'
        and granted
        and classid = 0
        and objid = 6581364
        and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
{%- endmacro %}


{#- Before the models: closes what can no longer be at work, and begins this build's row. -#}
{% macro begin_build() %}
    {%- if execute and flags.WHICH in ('run', 'build') %}
    {%- if run_query("select to_regnamespace('historique')").rows[0][0] is none %}
    create schema historique;
    {%- endif %}
    create table if not exists historique.constructions (
        id uuid primary key,
        lancement uuid,
        session_verrou integer,
        commande text not null,
        version text,
        commencee_le timestamptz not null,
        finie_le timestamptz,
        resultat text not null default 'en cours',
        nb_modeles integer,
        nb_modeles_en_echec integer,
        nb_verifications_en_echec integer,
        nb_avertissements integer,
        nb_lignes bigint,
        memoire_max_octets bigint,
        erreur text
    );
    create index if not exists constructions_lancement_idx on historique.constructions (lancement);
    create index if not exists constructions_id_idx on historique.constructions (id) where resultat = 'en cours';
    update historique.constructions
    set resultat = case when erreur is null then 'interrompu' else 'echec' end
    where resultat = 'en cours' and (session_verrou is null or session_verrou not in ({{ sessions_at_work() }}));
    {#- dbt has been at work since it was started, by this machine's clock; when that was, the server's clock says. -#}
    {%- set secondes = (modules.datetime.datetime.now(modules.pytz.utc) - run_started_at).total_seconds() %}
    insert into historique.constructions (id, lancement, session_verrou, commande, version, commencee_le)
    values (
        '{{ invocation_id }}',
        nullif('{{ env_var("BUILD_LAUNCH", "") }}', '')::uuid,
        nullif('{{ env_var("BUILD_SESSION", "") }}', '')::integer,
        '{{ flags.WHICH }}',
        '{{ adapter.config.version }}',
        clock_timestamp() - {{ secondes }} * interval '1 second'
    )
    {%- endif -%}
{% endmacro %}


{#-
  After the models: what became of them. Where all is well the row stays open, with an error that `conclude_build` takes off: what
  stands between the two hooks may yet fail, and dbt then skips the rest.
-#}
{% macro end_build() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
    {%- set comptes = {'modeles': 0, 'modeles_en_echec': 0, 'verifications_en_echec': 0, 'avertissements': 0, 'lignes': 0} -%}
    {%- set erreurs = [] -%}
    {%- for resultat in results -%}
        {%- set sorte, statut = resultat.node.resource_type | string, resultat.status | string -%}
        {%- set en_echec = statut in ('error', 'fail', 'runtime error', 'partial success') -%}
        {%- if sorte == 'model' and statut == 'success' -%}
            {%- set lignes = (resultat.adapter_response or {}).get('rows_affected') or 0 -%}
            {%- do comptes.update({'modeles': comptes.modeles + 1, 'lignes': comptes.lignes + [lignes | int, 0] | max}) -%}
        {%- elif sorte == 'model' and en_echec -%}
            {%- do comptes.update({'modeles_en_echec': comptes.modeles_en_echec + 1}) -%}
        {%- elif sorte in ('test', 'unit_test') and en_echec -%}
            {%- do comptes.update({'verifications_en_echec': comptes.verifications_en_echec + 1}) -%}
        {%- elif statut == 'warn' -%}
            {%- do comptes.update({'avertissements': comptes.avertissements + 1}) -%}
        {%- endif -%}
        {%- if en_echec -%}
            {%- do erreurs.append((resultat.node.name ~ ' : ' ~ ((resultat.message or statut).split() | join(' ')))[:300]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set dites = erreurs[:20] -%}
    {%- if erreurs | length > 20 -%}
        {%- do dites.append('… et ' ~ (erreurs | length - 20) ~ ' autres.') -%}
    {%- endif %}
    update historique.constructions
    set
        finie_le = clock_timestamp(),
        resultat = '{{ "en cours" if not erreurs else "partiel" if comptes.modeles else "echec" }}',
        nb_modeles = {{ comptes.modeles }},
        nb_modeles_en_echec = {{ comptes.modeles_en_echec }},
        nb_verifications_en_echec = {{ comptes.verifications_en_echec }},
        nb_avertissements = {{ comptes.avertissements }},
        nb_lignes = {{ comptes.lignes }},
        erreur = '{{ (dites or [closing_error()]) | join("\n") | replace("'", "''") }}'
    where id = '{{ invocation_id }}'
    {%- endif -%}
{% endmacro %}


{#- At the very end: nothing has failed. -#}
{% macro conclude_build() %}
    {%- if execute and flags.WHICH in ('run', 'build') %}
    update historique.constructions
    set finie_le = clock_timestamp(), resultat = 'ok', erreur = null
    where id = '{{ invocation_id }}' and resultat = 'en cours'
    {%- endif -%}
{% endmacro %}


{#- What is wrong with a build that has built everything and did not come to its end. -#}
{% macro closing_error() -%}
    Les modèles sont construits, mais les clés n'ont pu être rétablies : voir ce que dbt a affiché.
{%- endmacro %}
