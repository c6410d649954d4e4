-- The events of the declared centres' sessions, whose order is that of file name and line number. One row per event.

with centres as (

    select * from {{ ref('centres') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

evenements as (

    select
        fichiers_jours.session_id,
        fichiers_jours.fichier,
        lignes.numero_ligne,
        lignes.horodatage,
        lignes.evenement,
        lignes.details,
        lignes.duree_secondes,
        lignes.reference,
        lignes.longueur,
        lignes.couleur,
        lignes.motif
    from fichiers_jours
    inner join centres on fichiers_jours.dossier = centres.dossier
    inner join lignes
        on fichiers_jours.fichier_id = lignes.fichier_id
        and fichiers_jours.date_production = lignes.date_production

)

select * from evenements
