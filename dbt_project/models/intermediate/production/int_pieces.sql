-- The pieces, numbered within their session, each with the number of the profile that was in place. One row per piece.

{{ config(materialized='ephemeral') }}

with evenements as (

    select * from {{ ref('int_evenements') }}
    where evenement in ('StukUitgevoerd', 'JobProfiel') and motif is null

),

numerotes as (

    select
        session_id,
        evenement,
        horodatage,
        details,
        count(*) filter (where evenement = 'StukUitgevoerd') over ordre as numero_piece,
        count(*) filter (where evenement = 'JobProfiel') over ordre as numero_profil
    from evenements
    window ordre as (partition by session_id order by rang_fichier, numero_ligne)

),

pieces as (

    select
        session_id,
        numero_piece::integer as numero_piece,
        horodatage as timestamp_production,
        details,
        nullif(numero_profil, 0)::integer as numero_profil
    from numerotes
    where evenement = 'StukUitgevoerd'

)

select * from pieces
