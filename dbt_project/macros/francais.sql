{#- A number with a decimal comma, independent of the database's locale. -#}
{% macro nombre_en_francais(nombre, decimales=0) -%} replace(round({{ nombre }}, {{ decimales }})::text, '.', ',') {%- endmacro %}

{#- The date of a date or a time: 28/05/2025. -#}
{% macro date_en_francais(date) -%} to_char({{ date }}, 'DD/MM/YYYY') {%- endmacro %}

{#- A time of day: 14:37. -#}
{% macro heure_en_francais(moment) -%} to_char({{ moment }}, 'HH24:MI') {%- endmacro %}
