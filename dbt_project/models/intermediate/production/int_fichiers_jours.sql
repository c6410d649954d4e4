-- The dates in a file, each with its first and last time and its counts. The two times give the production days for any
-- `debut_journee`. One row per file and date; the date is NULL for lines without a valid time.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_fichiers_a_lire', 'on': {'fichier_id': 'fichier_id'}, 'kept': true}},
    indexes=[{'columns': ['fichier_id']}, {'columns': ['dossier_nfc', 'date_evenements']}],
) }}

with a_lire as (

    select * from {{ ref('int_fichiers_a_lire') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

-- Grouped before the files' names are joined, because grouping by a key is faster than by names.
comptes as (

    select
        lignes.fichier_id,
        lignes.horodatage::date as date_evenements,
        min(lignes.charge_le) as charge_le,
        min(lignes.version_lecture) as version_lecture,
        min(lignes.horodatage) as premiere_heure,
        max(lignes.horodatage) as derniere_heure,
        count(*)::integer as nb_lignes,
        count(lignes.evenement)::integer as nb_evenements,
        count(lignes.motif)::integer as nb_rejets
    from a_lire
    inner join lignes on a_lire.fichier_id = lignes.fichier_id
    group by lignes.fichier_id, lignes.horodatage::date

),

fichiers_jours as (

    select
        a_lire.fichier_id,
        a_lire.dossier,
        -- Normalized, because an accent may be one character or two. The seed's folders are compared with it.
        normalize(a_lire.dossier, nfc) as dossier_nfc,
        a_lire.fichier,
        comptes.charge_le,
        comptes.version_lecture,
        comptes.date_evenements,
        comptes.premiere_heure,
        comptes.derniere_heure,
        comptes.nb_lignes,
        comptes.nb_evenements,
        comptes.nb_rejets
    from a_lire
    inner join comptes on a_lire.fichier_id = comptes.fichier_id

)

select * from fichiers_jours
