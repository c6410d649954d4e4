{#- How many seconds the periods of a multirange last together, exactly. -#}
{% macro secondes_periodes(periodes) -%}
    (
        select coalesce(sum(extract(epoch from upper(periode) - lower(periode))), 0)::numeric
        from unnest({{ periodes }}) as periodes (periode)
    )
{%- endmacro %}

{#- Seconds as hours, rounded once. -#}
{% macro heures(secondes) -%}
    round({{ secondes }} / 3600, 4)
{%- endmacro %}

{#- A share of a duration in percent, rounded once; NULL of a duration that is none. -#}
{% macro taux(secondes, duree) -%}
    round(100 * {{ secondes }} / nullif({{ duree }}, 0), 2)
{%- endmacro %}
