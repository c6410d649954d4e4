{#- Before a run: refuses, in one line, a warehouse in which the models cannot be built, or whose history they would falsify. -#}
{% macro verifier_entrepot() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'test') -%}
        {%- set serveur = run_query("
            select
                current_setting('server_version_num')::int / 10000 as version,
                current_setting('server_encoding') as encodage,
                to_regclass('raw.log_files') is null as est_vide,
                (select count(*) from pg_attribute where (attrelid, attname) in
                    ((to_regclass('raw.load_runs'), 'peak_memory_bytes'), (to_regclass('raw.erp_versions'), 'version'))) < 2 as est_ancien,
                to_regclass('raw.log_files') is not null and to_regclass('intermediate.int_lignes') is null as est_sans_lignes,
                (select string_agg(format('exists (select from %s)', oid::regclass), ' or ') from pg_class
                    where relnamespace = to_regnamespace('historique') and relkind = 'r') as a_un_passe
        ").rows[0] -%}
        {%- set debut = var('debut_journee') | string -%}
        {%- set refus -%}
            {%- if not modules.re.fullmatch('([01][0-9]|2[0-3]):[0-5][0-9]', debut) -%}
                debut_journee is {{ debut }}: give it as a time in quotes, --vars '{"debut_journee": "05:00"}'
            {%- elif var('fuseau_horaire') not in modules.pytz.all_timezones -%}
                fuseau_horaire is {{ var('fuseau_horaire') }}: give it as a time zone such as Europe/Paris
            {%- elif var('numero_commande_motif') and modules.re.findall('(?<!\\\\)[(](?![?])', var('numero_commande_motif')) | length != 1 -%}
                numero_commande_motif is {{ var('numero_commande_motif') }}: give it one group in brackets, the number, as in ^([0-9]+)
            {%- elif not modules.re.fullmatch('(?!(analyses|hub|information_schema|marts|public)$|pg_)[a-z][a-z0-9_]{0,19}|', env_var('SITE', '')) -%}
                SITE is {{ env_var('SITE') }}: give the site a name of at most 20 small letters and digits, not a digit first nor a schema of a hub
            {%- elif serveur.version < 16 -%}
                the server is PostgreSQL {{ serveur.version }}; version 16 or later is needed
            {%- elif serveur.encodage != 'UTF8' -%}
                the database's encoding is {{ serveur.encodage }}; create it with ENCODING 'UTF8'
            {%- elif serveur.est_vide -%}
                the raw schema is empty: run `make load` first
            {%- elif serveur.est_ancien -%}
                the raw schema is of an earlier version: run `make load` first
            {%- elif serveur.est_sans_lignes and run_query("select from raw.log_files where purged_at is not null limit 1").rows -%}
                intermediate.int_lignes is gone, and held all that was left of the purged log files: bring it back from a backup, or give
                them up with `update raw.log_files set purged_at = null`
            {%- elif flags.EMPTY and serveur.a_un_passe and run_query("select " ~ serveur.a_un_passe).rows[0][0] -%}
                {#- The models would read nothing, and delete all their rows as gone. -#}
                --empty would falsify the history of this warehouse: try it on one that was never built
            {%- endif -%}
        {%- endset -%}
        {%- if refus -%}{{ exceptions.raise_compiler_error(refus.split() | join(' ')) }}{%- endif -%}
        {#- The parents of what is selected must exist, or be selected too. -#}
        {%- set manquantes = [] -%}
        {%- for noeud in graph.nodes.values() if noeud.unique_id in selected_resources -%}
            {%- set parents = noeud.depends_on.get('nodes', []) | list -%}
            {%- for id in parents if id in graph.nodes and id not in selected_resources -%}
                {%- set parent = graph.nodes[id] -%}
                {%- if parent.config.materialized == 'ephemeral' -%}
                    {%- do parents.extend(parent.depends_on.nodes) -%}
                {%- elif adapter.get_relation(parent.database, parent.schema, parent.alias) is none -%}
                    {%- do manquantes.append(parent.schema ~ '.' ~ parent.alias) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if manquantes -%}
            {%- set noms = manquantes | unique | sort | list -%}
            {%- set noms = noms[:3] | join(', ') ~ (', …' if noms[3:] else '') -%}
            {{ exceptions.raise_compiler_error(noms ~ ": not there yet, and read by what is selected; run `dbt build` first") }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
