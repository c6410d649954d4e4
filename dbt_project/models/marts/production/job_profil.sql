-- The profiles taken. One row per profile taken.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with profils as (

    select * from {{ ref('int_profils') }}

),

profils_avec_cle as (

    select
        {{ cle_rang('session_id', 'numero_profil') }} as id,
        session_id,
        reference,
        longueur::numeric(14, 2) as longueur,
        couleur,
        timestamp_debut
    from profils

)

select * from profils_avec_cle
