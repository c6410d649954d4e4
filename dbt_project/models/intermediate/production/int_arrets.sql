-- The voluntary stops, numbered within their session. A stop counts if the next stop or start after it is a start, not earlier than
-- it. So of several stops in a row only the last one counts. One row per stop.

{{ config(materialized='ephemeral') }}

with evenements as (

    select * from {{ ref('int_evenements') }}
    where evenement in ('MachineStop', 'MachineStart')

),

suivis as (

    select
        session_id,
        rang_fichier,
        numero_ligne,
        horodatage,
        evenement,
        lead(evenement) over ordre as evenement_suivant,
        lead(horodatage) over ordre as horodatage_suivant
    from evenements
    window ordre as (partition by session_id order by rang_fichier, numero_ligne)

),

arrets as (

    select
        session_id,
        horodatage as timestamp_debut,
        horodatage_suivant as timestamp_fin,
        extract(epoch from horodatage_suivant - horodatage)::numeric as duree_secondes,
        row_number() over (
            partition by session_id order by rang_fichier, numero_ligne
        )::integer as numero_arret
    from suivis
    where evenement = 'MachineStop' and evenement_suivant = 'MachineStart' and horodatage_suivant >= horodatage

)

select * from arrets
