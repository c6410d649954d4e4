{#- Before a seed: refuses a file with other columns, and adds those of a new version of the seed to its table, which dbt would have to drop. -#}
{% macro add_new_columns() %}
    {%- if execute -%}
    {%- set columns, found, separator = config.get('column_types') or {}, load_agate_table().column_names, config.get('delimiter', ',') -%}
    {%- if columns and found | sort != columns | sort -%}
        {%- set shown = ' begins with the line «' ~ found | join(separator) ~ '»: make it «' ~ columns | join(separator) ~ '», or set ' -%}
        {{ exceptions.raise_compiler_error(model.original_file_path ~ shown ~ 'separateur_horaires in dbt_project.yml to what separates its columns') }}
    {%- endif -%}
    {%- for name, type in columns.items() %} alter table if exists {{ this }} add column if not exists {{ name }} {{ type }}; {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{#- After a seed. dbt's own writes what was run to `target`, under the path of the file: if that is absolute, over the seed itself. This one writes nothing. -#}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- do [caller(), store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res)] -%}
{%- endmacro %}
