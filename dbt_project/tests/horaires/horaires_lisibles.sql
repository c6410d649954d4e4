-- The lines about working time that are left out because something is wrong with them. One row per line.

-- depends_on: {{ ref('production_hebdomadaire') }}
-- Nothing is made from that mart, so this check comes last and nothing waits for it.
{{ config(meta={'line': "fichier || ', ligne ' || ligne || ' : ' || erreur"}) }}

with postes as (

    select * from {{ ref('stg_horaires__postes') }}

),

pauses as (

    select * from {{ ref('stg_horaires__pauses') }}

),

jours_fermes as (

    select * from {{ ref('stg_horaires__jours_fermes') }}

),

cadences as (

    select * from {{ ref('stg_horaires__cadences') }}

),

lignes as (

    {% for fichier in ['postes', 'pauses', 'jours_fermes', 'cadences'] %}
        select
            '{{ fichier }}.csv' as fichier,
            ligne,
            erreur
        from {{ fichier }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from lignes
where erreur is not null
order by fichier, ligne
