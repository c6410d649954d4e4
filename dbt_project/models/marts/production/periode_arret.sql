-- The voluntary stops. One row per stop.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with arrets as (

    select * from {{ ref('int_arrets') }}

),

arrets_avec_cle as (

    select
        {{ cle_rang('session_id', 'numero_arret') }} as id,
        session_id,
        timestamp_debut,
        timestamp_fin,
        duree_secondes
    from arrets

)

select * from arrets_avec_cle
