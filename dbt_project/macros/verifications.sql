{#-
  The rows of a check are kept where there are any: dbt would make a table for each check in every build, to find it empty, which takes
  longer than the checks themselves. A check that finds nothing leaves no table; a table is a check that failed or warned.
-#}
{% materialization test, adapter='postgres' -%}
    {%- if should_store_failures()
        and not run_query('select 1 from (\n' ~ sql ~ '\n) as constats limit 1').rows -%}
        {%- set gardees = adapter.get_relation(database=database, schema=schema, identifier=model.alias) -%}
        {%- if gardees is not none -%}
            {%- call statement(auto_begin=True) -%}
                {{ get_drop_sql(gardees) }}
            {%- endcall -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
        {%- call statement('main', fetch_result=True) -%}
            {{ get_test_sql('select 1 where false', config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), none) }}
        {%- endcall -%}
        {{ return({'relations': []}) }}
    {%- endif -%}
    {{ return(dbt.materialization_test_default()) }}
{%- endmaterialization %}
