{#- Before a seed: its table takes the columns that a new version of the seed has. dbt would need to drop it. -#}
{% macro add_new_columns() %}
    {%- for name, type in (config.get('column_types') or {}).items() if execute %}
    alter table if exists {{ this }} add column if not exists {{ name }} {{ type }};
    {%- endfor -%}
{% endmacro %}
