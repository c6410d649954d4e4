-- The profiles taken. One row per profile taken.

-- depends_on: {{ ref('int_sessions') }} {{ ref('session_production') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_sessions', 'condition': 'cible.session_id = perimetre.cle::uuid'}},
    indexes=[{'columns': ['session_id']}],
) }}

with tous_profils as (

    select * from {{ ref('int_profils') }}

),

profils as (

    select
        {{ cle_rang('profils.session_id', 'profils.numero_profil') }} as id,
        profils.session_id,
        profils.reference,
        profils.longueur::numeric(14, 2) as longueur,
        profils.couleur,
        profils.timestamp_debut
    {{ des_sessions_du_perimetre('tous_profils', 'profils') }}

)

select * from profils
