-- The waits. One row per wait.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with attentes as (

    select * from {{ ref('int_attentes') }}

),

plages as (

    select * from {{ ref('int_plages') }}

),

attentes_avec_cle as (

    select
        {{ cle_rang('attentes.session_id', 'attentes.numero_attente') }} as id,
        attentes.session_id,
        attentes.timestamp_debut,
        attentes.timestamp_fin,
        attentes.duree_secondes,
        plages.poste
    from attentes
    left join plages
        on attentes.session_id = plages.session_id
        and attentes.timestamp_debut >= plages.debut
        and attentes.timestamp_debut < plages.fin

)

select * from attentes_avec_cle
