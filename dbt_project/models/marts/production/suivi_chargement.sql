-- The log files loaded, and what became of them. One row per file.

{{ config(unique_key=['dossier', 'fichier']) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

centres as (

    select * from {{ ref('centres') }}

),

comptes as (

    select
        fichier_id,
        sum(nb_lignes) as nb_lignes_utiles,
        sum(nb_evenements) as nb_evenements,
        sum(nb_rejets) as nb_rejets
    from fichiers_jours
    group by fichier_id

),

suivi as (

    select
        fichiers.dossier,
        fichiers.fichier,
        fichiers.taille_octets,
        fichiers.modifie_le,
        fichiers.charge_le,
        fichiers.nb_lignes,
        coalesce(comptes.nb_evenements, 0)::integer as nb_evenements,
        coalesce(comptes.nb_rejets, 0)::integer as nb_rejets,
        case
            when centres.dossier is null then 'dossier inconnu'
            when comptes.fichier_id is null then 'vide'
            when comptes.nb_rejets > 0 then 'rejets'
            else 'ok'
        end as statut
    from fichiers
    left join comptes on fichiers.fichier_id = comptes.fichier_id
    left join centres on fichiers.dossier = centres.dossier

)

select * from suivi
