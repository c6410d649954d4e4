-- The pieces produced. One row per piece.

-- depends_on: {{ ref('int_sessions') }} {{ ref('session_production') }} {{ ref('job_profil') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_sessions', 'condition': 'cible.session_id = perimetre.cle::uuid'}},
    indexes=[{'columns': ['job_profil_id']}, {'columns': ['timestamp_production'], 'type': 'brin'}],
) }}

with toutes_pieces as (

    select * from {{ ref('int_pieces') }}

),

pieces as (

    select
        {{ cle_rang('pieces.session_id', 'pieces.numero_piece') }} as id,
        pieces.session_id,
        pieces.numero_piece,
        pieces.timestamp_production,
        pieces.details,
        case
            when pieces.numero_profil is not null then {{ cle_rang('pieces.session_id', 'pieces.numero_profil') }}
        end as job_profil_id
    {{ des_sessions_du_perimetre('toutes_pieces', 'pieces') }}

)

select * from pieces
