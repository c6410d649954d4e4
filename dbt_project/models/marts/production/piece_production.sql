-- The pieces produced. One row per piece.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['job_profil_id']}, {'columns': ['timestamp_production'], 'type': 'brin'}],
) }}

with pieces as (

    select * from {{ ref('int_pieces') }}

),

pieces_avec_cle as (

    select
        {{ cle_rang('session_id', 'numero_piece') }} as id,
        session_id,
        numero_piece,
        timestamp_production,
        details,
        case when numero_profil is not null then {{ cle_rang('session_id', 'numero_profil') }} end as job_profil_id
    from pieces

)

select * from pieces_avec_cle
