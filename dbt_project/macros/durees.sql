{#- Seconds as hours, rounded once. -#}
{% macro heures(secondes) -%}
    round({{ secondes }} / 3600, 4)
{%- endmacro %}

{#- A share of a duration in percent, rounded once; NULL if the duration is zero or NULL. -#}
{% macro taux(secondes, duree) -%}
    round(100 * {{ secondes }} / nullif({{ duree }}, 0), 2)
{%- endmacro %}
