{#- Before a run, in a warehouse of version 1.0: what it kept has other columns now, and is made anew; what was made of purged lines could not be. -#}
{% macro leave_version_1() %}
    {%- if execute and flags.WHICH in ('run', 'build') and run_query("select to_regclass('intermediate.etat_construction')").rows[0][0] -%}
        {%- if run_query("select 1 from raw.log_files where purged_at is not null limit 1").rows -%}
            {{ exceptions.raise_compiler_error("version 1.0 has purged log files, of which nothing can be made anew: have them loaded again, `make reload`") }}
        {%- endif -%}
        {%- for name in ['etat_construction', 'int_lignes', 'int_fichiers', 'int_fichiers_jours', 'int_fichiers_evenements'] -%}
            {%- do adapter.drop_relation(api.Relation.create(target.database, 'intermediate', name, type='table')) -%}
        {%- endfor -%}
        {%- do run_query('commit') -%}
    {%- endif -%}
{% endmacro %}
