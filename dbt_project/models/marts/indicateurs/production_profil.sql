-- The profiles over all of history. One row per reference and colour. Each build adds them up again, from the few rows of each
-- session.

{{ config(unique_key='id', meta={'retired_columns': {'temps_cycle_moyen': 'numeric(14,2)'}}) }}

with profils_journaliers as (

    select * from {{ ref('production_profil_journaliere') }}

),

profils as (

    select
        {{ cle(['reference', 'couleur']) }} as id,
        reference,
        couleur,
        sum(barres)::integer as barres,
        round(sum(metres), 2) as metres,
        sum(pieces)::integer as pieces,
        round(sum(secondes_cycles) / nullif(sum(nombre_cycles), 0), 2)::numeric(14, 2) as temps_cycle_moyen_secondes,
        count(*)::integer as nombre_sessions,
        min(premiere_utilisation) as premiere_utilisation,
        max(derniere_utilisation) as derniere_utilisation
    from profils_journaliers
    group by reference, couleur

)

select * from profils
