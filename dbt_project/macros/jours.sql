{#- Whether a date is a working day (`alertes_jours_ouvres`). -#}
{% macro est_ouvre(date) -%} extract(isodow from {{ date }})::text = any('{ {{- var("alertes_jours_ouvres") | join(",") -}} }'::text[]) {%- endmacro %}
