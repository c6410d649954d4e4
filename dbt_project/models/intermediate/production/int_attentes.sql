-- The waits, numbered within their session. One row per wait.

{{ config(materialized='ephemeral') }}

with evenements as (

    select * from {{ ref('int_evenements') }}
    where evenement = 'MachineWait' and motif is null

),

attentes as (

    select
        session_id,
        horodatage as timestamp_debut,
        -- Rounded to the microsecond, the precision of times. An interval cannot be made from a number with too many decimals.
        horodatage + round(duree_secondes, 6) * interval '1 second' as timestamp_fin,
        duree_secondes,
        row_number() over (
            partition by session_id order by rang_fichier, numero_ligne
        )::integer as numero_attente
    from evenements

)

select * from attentes
