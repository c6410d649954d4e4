-- Which dates a file speaks of, from when to when, and how much. From the first and the last time of a date follow its production
-- days, whenever these begin. One row per file and date; the date is NULL for lines without a valid time.

{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    meta={'scope': {'worklist': 'int_fichiers_a_lire', 'on': {'fichier_id': 'fichier_id'}, 'kept': true}},
    indexes=[{'columns': ['fichier_id']}, {'columns': ['dossier_nfc', 'date_evenements']}],
) }}

with a_lire as (

    select * from {{ ref('int_fichiers_a_lire') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

fichiers_jours as (

    select
        a_lire.fichier_id,
        a_lire.dossier,
        -- As the seed's folders are compared with it: an accent may be one character or two.
        normalize(a_lire.dossier, nfc) as dossier_nfc,
        a_lire.fichier,
        lignes.charge_le,
        lignes.version_lecture,
        lignes.horodatage::date as date_evenements,
        min(lignes.horodatage) as premiere_heure,
        max(lignes.horodatage) as derniere_heure,
        count(*)::integer as nb_lignes,
        count(lignes.evenement)::integer as nb_evenements,
        count(lignes.motif)::integer as nb_rejets
    from a_lire
    inner join lignes on a_lire.fichier_id = lignes.fichier_id
    group by
        a_lire.fichier_id, a_lire.dossier, a_lire.fichier, lignes.charge_le, lignes.version_lecture, lignes.horodatage::date

)

select * from fichiers_jours
