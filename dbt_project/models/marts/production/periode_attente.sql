-- The waits. One row per wait.

-- depends_on: {{ ref('int_sessions') }} {{ ref('session_production') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_sessions', 'condition': 'cible.session_id = perimetre.cle::uuid'}},
    indexes=[{'columns': ['session_id']}],
) }}

with toutes_periodes as (

    select * from {{ ref('int_attentes') }}

),

periodes as (

    select
        {{ cle_rang('periodes.session_id', 'periodes.numero_attente') }} as id,
        periodes.session_id,
        periodes.timestamp_debut,
        periodes.timestamp_fin,
        periodes.duree_secondes
    {{ des_sessions_du_perimetre('toutes_periodes', 'periodes') }}

)

select * from periodes
