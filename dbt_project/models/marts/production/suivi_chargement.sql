-- The loaded log files, with their counts and status. One row per file.

{{ config(unique_key=['dossier', 'fichier']) }}

with fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

centres as (

    select * from {{ ref('centres') }}

),

comptes as (

    select
        dossier,
        fichier,
        sum(nb_evenements)::integer as nb_evenements,
        sum(nb_rejets)::integer as nb_rejets
    from fichiers_jours
    group by dossier, fichier

),

fichiers_comptes as (

    select
        fichiers.*,
        coalesce(comptes.nb_evenements, 0) as nb_evenements,
        coalesce(comptes.nb_rejets, 0) as nb_rejets
    from fichiers
    left join comptes on fichiers.dossier = comptes.dossier and fichiers.fichier = comptes.fichier

),

suivi as (

    select
        fichiers.dossier,
        fichiers.fichier,
        fichiers.taille_octets,
        fichiers.modifie_le,
        fichiers.charge_le,
        fichiers.nb_lignes,
        fichiers.nb_evenements,
        fichiers.nb_rejets,
        -- A line that is not blank is an event, or rejected, or both.
        case
            when centres.dossier is null then 'dossier inconnu'
            when fichiers.nb_evenements + fichiers.nb_rejets = 0 then 'vide'
            when fichiers.nb_rejets > 0 then 'rejets'
            else 'ok'
        end as statut
    from fichiers_comptes as fichiers
    left join centres on normalize(fichiers.dossier, nfc) = normalize(centres.dossier, nfc)

)

select * from suivi
