-- The voluntary stops. One row per stop.

-- depends_on: {{ ref('int_sessions') }} {{ ref('session_production') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_sessions', 'condition': 'cible.session_id = perimetre.cle::uuid'}},
    indexes=[{'columns': ['session_id']}],
) }}

with toutes_periodes as (

    select * from {{ ref('int_arrets') }}

),

periodes as (

    select
        {{ cle_rang('periodes.session_id', 'periodes.numero_arret') }} as id,
        periodes.session_id,
        periodes.timestamp_debut,
        periodes.timestamp_fin,
        periodes.duree_secondes
    {{ des_sessions_du_perimetre('toutes_periodes', 'periodes') }}

)

select * from periodes
