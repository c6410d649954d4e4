-- The waits. One row per wait.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with attentes as (

    select * from {{ ref('int_attentes') }}

),

attentes_avec_cle as (

    select
        {{ cle_rang('session_id', 'numero_attente') }} as id,
        session_id,
        timestamp_debut,
        timestamp_fin,
        duree_secondes
    from attentes

)

select * from attentes_avec_cle
