{#- Seconds as hours, rounded once. -#}
{% macro heures(secondes) -%} round({{ secondes }} / 3600, 4) {%- endmacro %}

{#- A share of a duration in percent, rounded once; NULL if the duration is zero or NULL. -#}
{% macro taux(secondes, duree) -%} round(100 * {{ secondes }} / nullif({{ duree }}, 0), 2) {%- endmacro %}

{#- The seconds that really pass between two times of the factory's clock: an hour less across its change in spring, one more in autumn. -#}
{% macro secondes_vecues(debut, fin) -%} extract(epoch from {{ instant(fin) }} - {{ instant(debut) }})::numeric {%- endmacro %}

{#- The instant of a time of the factory's clock. Of the hour that comes twice, the first; a time that is skipped is that of the change. -#}
{% macro instant(heure) -%}
    {%- set fuseau, une_heure = " at time zone '" ~ var('fuseau_horaire') ~ "'", "interval '1 hour'" -%}
    least({{ heure ~ fuseau }}, ({{ heure }} - {{ une_heure }}){{ fuseau }} + {{ une_heure }}, date_trunc('hour', {{ heure }} + {{ une_heure }}){{ fuseau }})
{%- endmacro %}

{#- The current time, or the fixed one of the variable `maintenant`. -#}
{% macro maintenant() -%} {{ "'" ~ var('maintenant') ~ "'::timestamptz" if var('maintenant') not in ('', 'now') else 'now()' }} {%- endmacro %}
