-- The voluntary stops. One row per stop.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with arrets as (

    select * from {{ ref('int_arrets') }}

),

plages as (

    select * from {{ ref('int_plages') }}

),

-- Breaks neither overlap nor leave the session's day.
pauses as (

    select
        arrets.session_id,
        arrets.numero_arret,
        sum(
            extract(
                epoch from least(arrets.timestamp_fin, plages.fin) - greatest(arrets.timestamp_debut, plages.debut)
            )::numeric
        ) as secondes
    from arrets
    inner join plages
        on arrets.session_id = plages.session_id
        and plages.nature = 'pause'
        and arrets.timestamp_fin > plages.debut
        and arrets.timestamp_debut < plages.fin
    group by arrets.session_id, arrets.numero_arret

),

arrets_avec_cle as (

    select
        {{ cle_rang('arrets.session_id', 'arrets.numero_arret') }} as id,
        arrets.session_id,
        arrets.timestamp_debut,
        arrets.timestamp_fin,
        arrets.duree_secondes,
        plages.poste,
        arrets.duree_secondes - coalesce(pauses.secondes, 0) as secondes_hors_pause
    from arrets
    left join pauses
        on arrets.session_id = pauses.session_id
        and arrets.numero_arret = pauses.numero_arret
    left join plages
        on arrets.session_id = plages.session_id
        and arrets.timestamp_debut >= plages.debut
        and arrets.timestamp_debut < plages.fin

)

select * from arrets_avec_cle
