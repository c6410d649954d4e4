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
