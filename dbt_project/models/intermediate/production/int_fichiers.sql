-- The log files as this build sees them: a load that commits while it runs is seen whole by the next one. One row per file.

{{ config(materialized='table') }}

with fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

avec_empreinte as (

    select
        dossier,
        fichier,
        taille_octets,
        modifie_le,
        charge_le,
        nb_lignes,
        version_fichier,
        dossier || '/' || fichier as cle,
        md5(dossier || '/' || fichier)::uuid as fichier_id,
        -- The time of loading too: in a warehouse whose raw schema was begun anew, the versions count from one again.
        version_fichier || ' ' || extract(epoch from charge_le) || ' {{ var("debut_journee") }}' as empreinte,
        purge_le is not null as ferme
    from fichiers

)

select * from avec_empreinte
