{#- Before a seed: adds the columns of a new version of the seed to its table, which dbt would have to drop. -#}
{% macro add_new_columns() %}
    {%- for name, type in (config.get('column_types') or {}).items() if execute %}
    alter table if exists {{ this }} add column if not exists {{ name }} {{ type }};
    {%- endfor -%}
{% endmacro %}
