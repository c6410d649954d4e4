-- The profiles taken, numbered within their session. One row per profile taken.

{{ config(materialized='ephemeral') }}

with evenements as (

    select * from {{ ref('int_evenements') }}
    where evenement = 'JobProfiel' and motif is null

),

profils as (

    select
        session_id,
        reference,
        longueur,
        couleur,
        horodatage as timestamp_debut,
        row_number() over (
            partition by session_id order by rang_fichier, numero_ligne
        )::integer as numero_profil
    from evenements

)

select * from profils
