-- The waits, numbered in their session's order. One row per wait.

with evenements as (

    select * from {{ ref('int_evenements') }}
    where evenement = 'MachineWait' and motif is null

),

attentes as (

    select
        session_id,
        horodatage as timestamp_debut,
        -- Times end at the microsecond; of a number with more decimals than that, an interval could not even be made.
        horodatage + round(duree_secondes, 6) * interval '1 second' as timestamp_fin,
        duree_secondes,
        row_number() over (
            partition by session_id order by rang_fichier, numero_ligne
        )::integer as numero_attente
    from evenements

)

select * from attentes
