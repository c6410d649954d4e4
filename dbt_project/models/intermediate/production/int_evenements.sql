-- The events of the sessions, whose order is that of file name and line number. One row per event.

with fichiers_jours as (

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
    inner join lignes
        on fichiers_jours.fichier_id = lignes.fichier_id
        and fichiers_jours.date_production = lignes.date_production

)

select * from evenements
