-- The event types in a file, other than those that the models use. One row per file, date and type.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_fichiers_a_lire', 'on': {'fichier_id': 'fichier_id'}, 'kept': true}},
    indexes=[{'columns': ['fichier_id']}],
) }}

with a_lire as (

    select * from {{ ref('int_fichiers_a_lire') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}
    where evenement not in ('StukUitgevoerd', 'MachineWait', 'MachineStop', 'MachineStart', 'JobProfiel')

),

fichiers_evenements as (

    select
        a_lire.fichier_id,
        a_lire.dossier,
        a_lire.fichier,
        lignes.evenement,
        min(lignes.horodatage) as premiere_fois,
        count(*)::integer as nb
    from a_lire
    inner join lignes on a_lire.fichier_id = lignes.fichier_id
    group by a_lire.fichier_id, a_lire.dossier, a_lire.fichier, lignes.horodatage::date, lignes.evenement

)

select * from fichiers_evenements
