-- The lines that are not blank, read once for each version of their file. One row per line.
-- PostgreSQL would keep every line in a cache, in the hope of meeting it again: it is told not to.

{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    meta={'perimetre': {'modele': 'int_fichiers', 'condition': 'cible.fichier_id = md5(perimetre.cle)::uuid'}},
    pre_hook=["{{ ouvrir_perimetre() }}", "set local enable_memoize = off"],
    post_hook="{{ clore_perimetre() }}",
    indexes=[{'columns': ['fichier_id', 'date_production']}],
) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

-- The version to read is the one that is there now. Where a load has committed since `int_fichiers` was built, it is newer than
-- the one that is noted as read, and so the next build reads the file again.
versions as (

    select * from {{ ref('stg_logs__files') }}

),

lignes_lues as (

    select * from {{ ref('int_lignes_lues') }}

),

lignes_a_lire as (

    select
        fichiers.fichier_id,
        lues.numero_ligne,
        lues.horodatage,
        lues.date_production,
        lues.evenement,
        lues.details,
        lues.duree_secondes,
        lues.reference,
        lues.longueur,
        lues.couleur,
        lues.motif,
        case when lues.motif is not null then lues.ligne end as ligne
    from {{ perimetre() }}
    inner join fichiers on perimetre.cle = fichiers.cle
    inner join versions on fichiers.dossier = versions.dossier and fichiers.fichier = versions.fichier
    cross join lateral (
        select * from lignes_lues
        where lignes_lues.version_fichier = versions.version_fichier
        {{ un_a_un() }}
    ) as lues

)

select * from lignes_a_lire
