{#- Before a run: drops views whose models are now ephemeral, and the tables of version 1.0 that have other columns now; refuses if its lines are purged. -#}
{% macro leave_earlier_versions() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- for node in graph.nodes.values() | selectattr('config.materialized', 'equalto', 'ephemeral') -%}
            {%- do drop_relation_if_exists(adapter.get_relation(node.database, node.schema, node.alias)) -%}
        {%- endfor -%}
        {%- if run_query("select to_regclass('intermediate.etat_construction')").rows[0][0] -%}
            {%- if run_query("select 1 from raw.log_files where purged_at is not null limit 1").rows -%}
                {{ exceptions.raise_compiler_error("version 1.0 has purged log files, of which nothing can be made again: have them loaded again, `make reload`") }}
            {%- endif -%}
            {%- for name in ['etat_construction', 'int_lignes', 'int_fichiers', 'int_fichiers_jours', 'int_fichiers_evenements'] -%}
                {%- do adapter.drop_relation(api.Relation.create(target.database, 'intermediate', name, type='table')) -%}
            {%- endfor -%}
            {%- do run_query('commit') -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#- Before a run: drops the columns of earlier versions that a selected model names in `meta.retired_columns`, each with the type it had. Views on them stop it. -#}
{% macro drop_retired_columns() %}
    {%- set ddl, views = [], [] -%}
    {%- for node in (kept_models() if execute and flags.WHICH in ('run', 'build') else []) if node.unique_id in selected_resources and node.config.meta.retired_columns -%}
        {%- for name, type in node.config.meta.retired_columns.items() -%}
            {%- set table = node.schema ~ '.' ~ node.alias -%}
            {%- for row in run_query("
                select (select string_agg(distinct ev_class::regclass::text, ',') from pg_depend inner join pg_rewrite on pg_rewrite.oid = objid
                    where refobjid = attrelid and refobjsubid = attnum)
                from pg_attribute
                where attrelid = to_regclass('" ~ table ~ "') and (attname, format_type(atttypid, atttypmod)) = ('" ~ name ~ "', '" ~ type ~ "')
            ").rows -%}{%- do ddl.append('alter table ' ~ table ~ ' drop column ' ~ name) or views.extend((row[0] or '').split(',')) -%}{%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set views = views | select | unique | sort | join(', ') -%}
    {%- if views -%}{{ exceptions.raise_compiler_error('this version drops columns that are read by ' ~ views ~ ': drop these views, build, and create them again') }}{%- endif -%}
    {%- do run_query((ddl + ['commit']) | join('; ')) if ddl -%}
{% endmacro %}

{#- Before a run: if the last one had another `SITE`, gives what is kept the new keys, has all else made anew, and notes it. -#}
{% macro follow_site() %}
    {%- set site = env_var('SITE', '') -%}
    {%- if execute and flags.WHICH in ('run', 'build') and site != (
            run_query("select coalesce(max(fingerprint), '') from intermediate.worklist_state where worklist = 'SITE'").rows[0][0]
            if adapter.get_relation(target.database, 'intermediate', 'worklist_state') else '') %}
    delete from intermediate.worklist_state where key = '' and worklist != 'int_fichiers_a_lire';
    alter table if exists marts.revisions add column if not exists site text;
    alter table if exists marts.lignes_rejetees add column if not exists site text;
    {%- set key, value = 'session_id = ' ~ cle(['dossier', 'date_production']), "site = '" ~ site ~ "'" -%}
    {%- for table, values in {'historique.sessions_versions': key, 'marts.revisions': key ~ ', ' ~ value, 'marts.lignes_rejetees': value}.items()
        if adapter.get_relation(target.database, *table.split('.')) %} update {{ table }} set {{ values }}; {%- endfor %}
    insert into intermediate.worklist_state values ('SITE', 'SITE', '{{ site }}') on conflict (worklist, key) do update set fingerprint = excluded.fingerprint;
    {%- endif -%}
{% endmacro %}
