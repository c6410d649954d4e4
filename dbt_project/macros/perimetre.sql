{#-
  Incremental models that are always right.

  A model's rows belong to scopes: a file, or a session. For each scope, the model that lists them (`meta.perimetre.modele`) gives a
  key `cle` (text) and a fingerprint `empreinte` of all that the scope's rows are made from: versions of files, variables. What a
  model's rows were last built from stands in `intermediate.etat_construction`, written in the same transaction as
  the rows. A build then has a worklist, the temporary table `perimetre`: the scopes whose two fingerprints differ, and
  those that are no longer listed (`empreinte` NULL). A scope that a failed build, a changed seed or a load in the middle of
  a build has left behind is on the worklist of the next one, because nothing else is ever compared than what is and what was built.

  A mart that is made from other marts names them instead (`meta.perimetre.lus`): its scopes' fingerprints are then made of what
  those marts were last built from. So it follows them, also where a partial build has left them behind.

  The code that made a model's rows is noted too. Where it has changed, with a new version of the project, every scope is on the
  worklist, as with `--full-refresh`: marts are then made anew row by row in the tables that are there, and keep what refers to them.

  A scope may be closed (`ferme`): its lines have been purged from raw, so that nothing could make its rows anew. They stay as
  they are, whatever is asked for; with `meta.perimetre.purge` they go with the lines.
-#}

{% macro etat_construction() -%}
    intermediate.etat_construction
{%- endmacro %}


{#- Creates the table of what was built, on the first run. One that has lost its key cannot be trusted: all is built anew. -#}
{% macro creer_etat() %}
    {%- if execute and flags.WHICH in ('run', 'build') and not a_sa_cle('intermediate.etat_construction') %}
    {#- Even with «if not exists», creating a schema takes a right on the database that a transformer need not have. -#}
    {%- if run_query("select to_regnamespace('intermediate')").rows[0][0] is none %}
    create schema intermediate;
    {%- endif %}
    drop table if exists intermediate.etat_construction;
    create table intermediate.etat_construction (
        modele text,
        cle text,
        empreinte text not null,
        primary key (modele, cle)
    )
    {%- endif -%}
{% endmacro %}


{#- The worklist, as a model's select names it. -#}
{% macro perimetre() -%}
    perimetre
{%- endmacro %}


{#-
  The `from` of a model whose scopes are sessions: the rows of `source`, a CTE with a `session_id`, for the sessions of the worklist.
  Where few are to be done, PostgreSQL must take them one by one, through the indexes: left to itself it would read all of history and
  keep what it needs. Where all are to be done, that is just what is wanted.
-#}
{% macro des_sessions_du_perimetre(source, alias) -%}
    {%- if is_incremental() -%}
    from {{ perimetre() }}
    cross join lateral (
        select * from {{ source }}
        where {{ source }}.session_id = perimetre.cle::uuid
        limit all
    ) as {{ alias }}
    {%- else -%}
    from {{ source }} as {{ alias }}
    {%- endif -%}
{%- endmacro %}


{#-
  The sessions that all of the marts `lus` hold, each with a fingerprint of what they were built from: a select of `cle` and
  `empreinte`.
-#}
{% macro sessions_construites(lus) -%}
    select
        cle,
        md5(concat_ws(' '{% for mart in lus %}, max(empreinte) filter (where modele = '{{ mart }}'){% endfor %})) as empreinte
    from {{ etat_construction() }}
    where modele in ('{{ lus | join("', '") }}')
    group by cle
    having count(*) = {{ lus | length }}
{%- endmacro %}


{#- The scopes of a model with their fingerprints, as its rule says: a select of `cle`, `empreinte` and `ferme`. -#}
{% macro perimetre_voulu(regle) -%}
    {%- if regle.modele in ('int_fichiers', 'int_sessions') -%}
        select cle, empreinte, ferme from {{ ref(regle.modele) }}{{ ' where not ferme' if regle.purge }}
    {%- elif regle.modele -%}
        select cle, empreinte, false as ferme from {{ ref(regle.modele) }}
    {%- else -%}
        select cle, empreinte, false as ferme
        from ({{ periodes_construites(regle.periode, regle.lus) if regle.periode else sessions_construites(regle.lus) }}) as construits
    {%- endif -%}
{%- endmacro %}


{#-
  The fingerprint of the code that makes a model's rows, as an SQL expression: of the model's own, of the macros that it calls, and of what
  the models upstream were last made by (a partial build may have left them behind).
-#}
{% macro empreinte_code() -%}
    {#- dbt's own list of a model's macros knows only those that the last compilation came across. -#}
    {%- set textes, macros, notes = [model.raw_code], [], ["('', '')"] -%}
    {%- for texte in textes -%}
        {%- for nom in modules.re.findall('[a-z_0-9]+(?=[(])', texte) if nom in usine and nom not in macros -%}
            {%- do macros.append(nom) -%}
            {%- do textes.append(usine[nom].macro.macro_sql) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for colonne in model.columns.values() -%}
        {%- do textes.append(colonne.name ~ ' ' ~ colonne.data_type) -%}
    {%- endfor -%}
    {%- set amont = model.depends_on.nodes | list -%}
    {%- for identifiant in amont if identifiant in graph.nodes -%}
        {%- do amont.extend(graph.nodes[identifiant].depends_on.nodes | reject('in', amont) | list) -%}
        {%- set nom = graph.nodes[identifiant].alias -%}
        {%- do notes.extend(["('" ~ nom ~ "', 'vue')", "('code', '" ~ nom ~ "')"]) -%}
    {%- endfor -%}
    (
        select md5('{{ local_md5(textes | join("\n")) }}' || coalesce(string_agg(split_part(empreinte, ' ', 1), '' order by modele, cle), ''))
        from {{ etat_construction() }}
        where (modele, cle) in ({{ notes | join(', ') }})
    )
{%- endmacro %}


{#-
  Before the model: makes its worklist. On a first build, and where all is to be made anew, every scope is on it. Where
  `meta.perimetre.toujours_une_ligne` says that a scope is never without a row, one whose row has gone with a row that it refers to is done anew.
-#}
{% macro ouvrir_perimetre() %}
    {%- set regle = (config.get('meta') or {}).get('perimetre') if execute -%}
    {%- if regle %}
    {#- Two builds that overlap for want of `make build`'s lock: the second one's worklist is made when the first one's rows are there. -#}
    select pg_advisory_xact_lock(6581364, hashtext('{{ this.identifier }}'));
    set local work_mem = '64MB';
    {%- endif -%}
    {%- if regle and is_incremental() %}
    {%- set tout -%}
        {%- if flags.FULL_REFRESH -%}
            true
        {%- else -%}
            (not exists (
                select 1 from {{ etat_construction() }}
                where modele = 'code' and cle = '{{ this.identifier }}' and empreinte = {{ empreinte_code() }}
            )
            {%- if config.get('contract').enforced %}
            {#- A column that somebody has dropped or renamed comes back, and must be filled. -#}
            or not (
                select array_agg(attname::text) @> array['{{ model.columns | join("', '") }}']
                from pg_attribute
                where attrelid = '{{ this }}'::regclass and attnum > 0 and not attisdropped
            )
            {%- endif -%}
            )
        {%- endif -%}
    {%- endset %}
    create temporary table perimetre on commit drop as
    select
        coalesce(voulu.cle, construit.cle) as cle,
        voulu.empreinte
    from ({{ perimetre_voulu(regle) }}) as voulu
    full join (select * from {{ etat_construction() }} where modele = '{{ this.identifier }}') as construit on voulu.cle = construit.cle
    where
        voulu.ferme is not true
        and (
            voulu.empreinte is distinct from construit.empreinte
            or {{ tout }}
            {%- if regle.toujours_une_ligne %}
            or not exists (select 1 from {{ this }} as cible where {{ regle.condition | replace('perimetre.', 'voulu.') }})
            {%- endif %}
        );
    {#- Rows of no scope, which no build has made. -#}
    delete from {{ this }} as cible
    where {{ tout }} and not exists (select 1 from ({{ perimetre_voulu(regle) }}) as perimetre where {{ regle.condition }});
    analyze perimetre
    {%- elif regle %}
    set local maintenance_work_mem = '256MB';
    set local parallel_setup_cost = 0;
    set local parallel_tuple_cost = 0;
    delete from {{ etat_construction() }} where modele = '{{ this.identifier }}';
    create temporary table perimetre on commit drop as
    select
        cle,
        empreinte
    from ({{ perimetre_voulu(regle) }}) as voulu
    where not ferme;
    analyze perimetre
    {%- endif -%}
{% endmacro %}


{#-
  After the model, in its transaction: notes what it was built from, and has PostgreSQL look at a new table before the models downstream
  are planned. Where `meta.perimetre.cascade` says that PostgreSQL removes
  a vanished scope's rows from the models below too, these forget that they were built.
-#}
{% macro clore_perimetre() %}
    {%- set regle = (config.get('meta') or {}).get('perimetre') if execute -%}
    {%- if regle %}
    insert into {{ etat_construction() }} (modele, cle, empreinte)
    select
        '{{ this.identifier }}' as modele,
        cle,
        empreinte
    from perimetre
    where empreinte is not null
    union all
    select 'code', '{{ this.identifier }}', {{ empreinte_code() }}
    on conflict (modele, cle) do update set empreinte = excluded.empreinte where etat_construction.empreinte != excluded.empreinte;
    {%- if regle.modele == 'int_sessions' %}
    {#- What is made from these rows goes on counting with the sessions that are closed, also where the state was lost. -#}
    insert into {{ etat_construction() }} (modele, cle, empreinte)
    select '{{ this.identifier }}', cle, empreinte from {{ ref('int_sessions') }} where ferme
    on conflict (modele, cle) do nothing;
    {%- endif %}
    delete from {{ etat_construction() }} as construit
    using perimetre
    where
        construit.cle = perimetre.cle
        and perimetre.empreinte is null
        {%- if not regle.cascade %}
        and construit.modele = '{{ this.identifier }}'
        {%- endif %}
    {%- endif -%}
    {%- if regle and not is_incremental() %};
    analyze {{ this }}
    {%- endif -%}
{% endmacro %}


{#-
  The incremental strategy of all models: makes the rows of the worklist's scopes (of the whole table where the model has no
  scopes) what the model's select says, writing only what differs. Without a `unique_key` they are replaced.
-#}
{% macro get_incremental_synchronise_sql(arguments) %}
    {%- set regle = (config.get('meta') or {}).get('perimetre') if execute -%}
    {%- set cible, nouveau = arguments.target_relation, arguments.temp_relation -%}
    {%- set colonnes = arguments.dest_columns | map(attribute='quoted') | list -%}
    {%- set cles = [arguments.unique_key] if arguments.unique_key is string else (arguments.unique_key or []) -%}
    {%- set conditions = [] -%}
    {%- if regle -%}
        {%- do conditions.append(regle.condition) -%}
    {%- endif -%}
    {%- set meme_cle -%}
        {%- for cle in cles %}{{ 'and ' if not loop.first }}cible.{{ cle }} = nouveau.{{ cle }} {% endfor -%}
    {%- endset -%}
    {%- if cles -%}
        {%- do conditions.append('not exists (select 1 from ' ~ nouveau ~ ' as nouveau where ' ~ meme_cle ~ ')') -%}
    {%- endif %}

    delete from {{ cible }} as cible
    {% if regle %}using perimetre{% endif %}
    where {{ conditions | join(' and ') }};

    {% if cles -%}
    {%- set valeurs = colonnes | reject('in', cles | map('tojson') | list) | list -%}
    merge into {{ cible }} as cible
    using {{ nouveau }} as nouveau on {{ meme_cle }}
    {% if valeurs -%}
    when matched and
        ({% for valeur in valeurs %}cible.{{ valeur }}{{ ', ' if not loop.last }}{% endfor %})
        is distinct from ({% for valeur in valeurs %}nouveau.{{ valeur }}{{ ', ' if not loop.last }}{% endfor %})
        then update set {% for valeur in valeurs %}{{ valeur }} = nouveau.{{ valeur }}{{ ', ' if not loop.last }}{% endfor %}
    {% endif -%}
    when not matched then
        insert ({{ colonnes | join(', ') }})
        values ({% for colonne in colonnes %}nouveau.{{ colonne }}{{ ', ' if not loop.last }}{% endfor %})
    {%- else -%}
    insert into {{ cible }} ({{ colonnes | join(', ') }})
    select {{ colonnes | join(', ') }} from {{ nouveau }}
    {%- endif %}
{% endmacro %}


{#-
  Before `centre_usinage`: refuses, in one line, a seed without a centre some of whose sessions are closed. They would go with it, and nothing
  could bring them back.
-#}
{% macro garder_centres() %}
    {%- if execute and is_incremental() -%}
        {%- set retires = run_query("
            select string_agg(dossier, ', ' order by dossier)
            from " ~ this ~ " as retires
            where
                dossier not in (select dossier from " ~ ref('centres') ~ ")
                and exists (
                    select from " ~ ref('stg_historique__sessions') ~ " as sessions
                    inner join " ~ ref('stg_logs__files') ~ " as fichiers
                        on sessions.dossier = fichiers.dossier and sessions.fichier = fichiers.fichier
                    where sessions.dossier = retires.dossier and fichiers.purge_le is not null
                )
        ").rows[0][0] -%}
        {%- if retires -%}
            {{ exceptions.raise_compiler_error(
                "centres.csv no longer has " ~ retires ~ ", whose lines were purged: nothing could make its sessions anew."
                ~ " Keep it there, with actif false"
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
