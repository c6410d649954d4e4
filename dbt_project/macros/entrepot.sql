{#- Refuses a warehouse that the models cannot be built in, or a production day that begins at no time of day, in one line. -#}
{% macro verifier_entrepot() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'test') -%}
        {%- set debut = var('debut_journee') | string -%}
        {%- if not modules.re.fullmatch('([01][0-9]|2[0-3]):[0-5][0-9]', debut) -%}
            {{ exceptions.raise_compiler_error(
                "debut_journee is " ~ debut ~ ": give it as a time in quotes, --vars '{\"debut_journee\": \"05:00\"}'"
            ) }}
        {%- endif -%}
        {%- set serveur = run_query("
            select
                current_setting('server_version_num')::int,
                current_setting('server_encoding'),
                to_regclass('raw.log_files') is not null,
                (
                    select count(*)
                    from pg_attribute
                    where
                        (attrelid, attname) in (
                            (to_regclass('raw.log_files'), 'purged_at'), (to_regclass('raw.load_runs'), 'peak_memory_bytes')
                        )
                ) = 2,
                to_regclass('raw.log_files') is not null and to_regclass('intermediate.int_lignes') is null
        ").rows[0] -%}
        {%- if serveur[0] < 160000 -%}
            {{ exceptions.raise_compiler_error(
                "the server is PostgreSQL " ~ serveur[0] // 10000 ~ "; version 16 or later is needed"
            ) }}
        {%- elif serveur[1] != 'UTF8' -%}
            {{ exceptions.raise_compiler_error(
                "the database's encoding is " ~ serveur[1] ~ "; create it with ENCODING 'UTF8'"
            ) }}
        {%- elif not serveur[2] -%}
            {{ exceptions.raise_compiler_error("the raw schema is empty: run `make load` first") }}
        {%- elif not serveur[3] -%}
            {{ exceptions.raise_compiler_error("the raw schema is of an earlier version: run `make load` first") }}
        {%- elif serveur[4] and run_query("select 1 from raw.log_files where purged_at is not null limit 1").rows -%}
            {{ exceptions.raise_compiler_error(
                "intermediate.int_lignes is gone, and held all that was left of the purged log files: bring it back from a backup, or give"
                ~ " them up with `update raw.log_files set purged_at = null`"
            ) }}
        {%- endif -%}
        {#- With `--empty`, dbt's dry run, nodes would find nothing, and take all that they know for gone. -#}
        {%- if flags.EMPTY -%}
            {%- set a_un_passe = run_query("
                select string_agg(format('exists (select from %s)', oid::regclass), ' or ')
                from pg_class
                where relnamespace = to_regnamespace('historique') and relkind = 'r'
            ").rows[0][0] -%}
            {%- if a_un_passe and run_query("select " ~ a_un_passe).rows[0][0] -%}
                {{ exceptions.raise_compiler_error(
                    "--empty would falsify the history of this warehouse: try it on one that was never built"
                ) }}
            {%- endif -%}
        {%- endif -%}
        {#- What is selected must find what it reads: made before, or now. -#}
        {%- set manquantes = [] -%}
        {%- for noeud in graph.nodes.values() if noeud.unique_id in selected_resources -%}
            {%- for id in noeud.depends_on.get('nodes', []) if id in graph.nodes and id not in selected_resources -%}
                {%- set parent = graph.nodes[id] -%}
                {%- if adapter.get_relation(parent.database, parent.schema, parent.alias) is none -%}
                    {%- do manquantes.append(parent.schema ~ '.' ~ parent.alias) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if manquantes -%}
            {%- set noms = manquantes | unique | sort | list -%}
            {{ exceptions.raise_compiler_error(
                noms[:3] | join(', ') ~ (', …' if noms[3:] else '')
                ~ ": not there yet, and read by what is selected; run `dbt build` first"
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
