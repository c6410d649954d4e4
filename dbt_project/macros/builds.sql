{#- The record of builds: each build inserts a row into `historique.constructions` before the first model, and completes it after the last. `make build` passes a
    number (`BUILD_LAUNCH`) and the session that holds the lock (`BUILD_SESSION`), and completes the row if dbt cannot; the next build closes all others. -#}

{#- Before the models: closes the rows of builds that have died, and inserts this build's row. What the last one was made from is not what stands now. -#}
{% macro begin_build() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot') %}
    {{ create_schema_if_missing('historique') }}
    create table if not exists historique.constructions (
        id uuid primary key, lancement uuid, session_verrou integer, commande text not null, version text,
        commencee_le timestamptz not null, finie_le timestamptz, resultat text not null default 'en cours', nb_modeles integer,
        nb_modeles_en_echec integer, nb_verifications_en_echec integer, nb_avertissements integer, nb_lignes bigint,
        memoire_max_octets bigint, erreur text);
    alter table historique.constructions add column if not exists empreintes jsonb, add column if not exists est_entiere boolean;
    update historique.constructions set empreintes = null where empreintes is not null;
    create index if not exists constructions_lancement_idx on historique.constructions (lancement);
    create index if not exists constructions_commencee_le_idx on historique.constructions (commencee_le);
    create index if not exists constructions_id_idx on historique.constructions (id) where resultat = 'en cours';
    update historique.constructions set resultat = 'interrompu'
    where resultat = 'en cours' and not exists (select from pg_locks
        where locktype = 'advisory' and granted and classid = 0 and objid = 6581364 and objsubid = 1 and pid = session_verrou);
    {#- When dbt was started, by the server's clock: this machine's clock only measures how long ago that was. -#}
    {%- set seconds = (modules.datetime.datetime.now(modules.pytz.utc) - run_started_at).total_seconds() %}
    insert into historique.constructions (id, lancement, session_verrou, commande, version, commencee_le, est_entiere)
    select
        '{{ invocation_id }}', nullif('{{ env_var("BUILD_LAUNCH", "") }}', '')::uuid, nullif('{{ env_var("BUILD_SESSION", "") }}', '')::integer,
        '{{ flags.WHICH }}', '{{ adapter.config.version }}', clock_timestamp() - {{ seconds }} * interval '1 second', {{ not (invocation_args_dict.select or invocation_args_dict.exclude) }}
    where {{ flags.WHICH in ('run', 'build') }}
    {%- endif -%}
{% endmacro %}

{#- After the models: puts the keys back, and completes this build's row. If keys cannot be put back, the build fails. -#}
{% macro end_build() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
    {%- set problems = put_back_keys() -%}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'runtime error', 'partial success']) | list -%}
    {%- set built = results | selectattr('node.resource_type', 'equalto', 'model') | selectattr('status', 'equalto', 'success') | list -%}
    {%- set errors = [] -%}
    {%- for result in failed -%}
        {%- for said in lines_of(result) or [result.node.name ~ ' : ' ~ (result.message or result.status)] -%}
            {%- do errors.append((said.split() | join(' '))[:300]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set said = (errors + problems)[:20] -%}
    {%- do run_query("
        update historique.constructions set
            finie_le = clock_timestamp(),
            resultat = '" ~ ('ok' if not said else 'partiel' if built and not problems else 'echec') ~ "',
            nb_modeles = " ~ built | length ~ ",
            nb_modeles_en_echec = " ~ failed | selectattr('node.resource_type', 'equalto', 'model') | list | length ~ ",
            nb_verifications_en_echec = " ~ failed | selectattr('node.resource_type', 'in', ['test', 'unit_test']) | list | length ~ ",
            nb_avertissements = " ~ results | selectattr('status', 'equalto', 'warn') | list | length ~ ",
            nb_lignes = " ~ built | map(attribute='adapter_response.rows_affected', default=0) | select('gt', 0) | sum ~ ",
            erreur = nullif('" ~ said | join('\n') | replace("'", "''") ~ "', '')
        where id = '" ~ invocation_id ~ "'; commit") -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error('keys could not be put back; nothing was deleted. Mend these rows and build again: ' ~ problems | join(' / ')) }}
    {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#- At the end of a run: prints the rows written per table, and the warnings and failures. The log file has the rest. -#}
{% macro summarize() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'test') -%}
    {%- for result in results if result.status == 'success' and result.adapter_response.get('rows_affected', 0) > 0 -%}
        {%- do print('  %-36s %12s rows' % (result.node.name, '{:,}'.format(result.adapter_response.rows_affected))) -%}
    {%- endfor -%}
    {%- for result in results if result.status in ('warn', 'fail') -%}
        {%- do print(result.status | upper ~ ' ' ~ result.node.name ~ ', ' ~ result.failures ~ ' row(s): ' ~ result.node.description.split() | join(' ')) -%}
        {%- for line in lines_of(result) -%}{%- do print('  ' ~ (line.split() | join(' '))[:300]) -%}{%- endfor -%}
    {%- endfor -%}
    {%- set counts = [] -%}
    {%- for status, alike in results | groupby('status') -%}{%- do counts.append(alike | length ~ ' ' ~ status) -%}{%- endfor -%}
    {%- do print('Done: ' ~ counts | join(', ') ~ '. The log is ' ~ flags.LOG_PATH ~ '/dbt.log') -%}
    {%- endif -%}
{% endmacro %}

{#- What each row of a failed check says, if its `meta.line` is an SQL expression for that. -#}
{% macro lines_of(result) -%}
    {%- set line = result.node.config.meta.line if result.status == 'fail' -%}
    {{ return(run_query('select ' ~ line ~ ' from (' ~ result.node.compiled_code ~ '\n) as failed').columns[0].values() if line else []) }}
{%- endmacro %}

{#- Not `if not exists`: that needs the right to create schemas even if the schema exists, and a transformer may not have it. -#}
{% macro create_schema_if_missing(name) -%} {%- if run_query("select to_regnamespace('" ~ name ~ "')").rows[0][0] is none %}create schema {{ name }};{% endif -%} {%- endmacro %}
