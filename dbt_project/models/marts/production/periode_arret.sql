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

arrets_avec_cle as (

    select
        {{ cle_rang('arrets.session_id', 'arrets.numero_arret') }} as id,
        arrets.session_id,
        arrets.timestamp_debut,
        arrets.timestamp_fin,
        arrets.duree_secondes,
        plages.poste
    from arrets
    left join plages
        on arrets.session_id = plages.session_id
        and arrets.timestamp_debut >= plages.debut
        and arrets.timestamp_debut < plages.fin

)

select * from arrets_avec_cle
