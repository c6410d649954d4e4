-- The events of the sessions on the worklist. File name and line number give their order. One row per event.

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

-- A production day covers two dates at most. A file may have events of both.
fichiers_des_sessions as (

    select distinct
        a_construire.session_id,
        a_construire.debut,
        a_construire.fin,
        fichiers_jours.fichier_id,
        fichiers_jours.dossier,
        fichiers_jours.fichier
    from a_construire
    cross join lateral (values (a_construire.date_production), (a_construire.date_production + 1)) as dates (jour)
    inner join fichiers_jours
        on normalize(a_construire.dossier, nfc) = fichiers_jours.dossier_nfc
        and dates.jour = fichiers_jours.date_evenements
        and a_construire.fin > fichiers_jours.premiere_heure
        and a_construire.debut <= fichiers_jours.derniere_heure
    -- A session that is gone has no events.
    where a_construire.fingerprint is not null

),

-- The rank of each file in its session: a million events are sorted faster by numbers than by names.
ranges as (

    select
        *,
        dense_rank() over (partition by session_id order by fichier collate "C", dossier collate "C") as rang_fichier
    from fichiers_des_sessions

),

evenements as (

    select
        fichiers.session_id,
        fichiers.rang_fichier,
        fichiers.dossier,
        fichiers.fichier,
        lignes.numero_ligne,
        lignes.horodatage,
        lignes.evenement,
        lignes.details,
        lignes.duree_secondes,
        lignes.reference,
        lignes.longueur,
        lignes.couleur,
        lignes.motif
    from ranges as fichiers
    inner join lignes
        on fichiers.fichier_id = lignes.fichier_id
        and fichiers.debut <= lignes.horodatage
        and fichiers.fin > lignes.horodatage

)

select * from evenements
