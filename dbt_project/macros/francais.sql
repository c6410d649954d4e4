{#- A number with a decimal comma, independent of the database's locale. -#}
{% macro nombre_en_francais(nombre, decimales=0) -%} replace(round({{ nombre }}, {{ decimales }})::text, '.', ',') {%- endmacro %}

{#- The date of a date or a time: 28/05/2025. -#}
{% macro date_en_francais(date) -%} to_char({{ date }}, 'DD/MM/YYYY') {%- endmacro %}

{#- A time of day: 14:37. -#}
{% macro heure_en_francais(moment) -%} to_char({{ moment }}, 'HH24:MI') {%- endmacro %}

{#- A duration in seconds: 47 min, or 6 h 49. -#}
{% macro duree_en_francais(secondes) -%} case when {{ secondes }} < 3600 then floor({{ secondes }} / 60) || ' min' else floor({{ secondes }} / 3600) || ' h ' || to_char(floor({{ secondes }} / 60) % 60, 'FM00') end {%- endmacro %}
