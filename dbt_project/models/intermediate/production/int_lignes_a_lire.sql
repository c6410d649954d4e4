-- The lines of the files on the worklist, in the version that is in the ledger now. If a load has replaced a file since the
-- worklist was made, the state records the older version, so the next build reads the file again. One row per line.

with a_lire as (

    select * from {{ ref('int_fichiers_a_lire') }}
    where not purge

),

fichiers as (

    select * from {{ ref('stg_logs__files') }}
    where purge_le is null

),

lignes as (

    select * from {{ ref('stg_logs__lines') }}

),

lignes_a_lire as (

    select
        a_lire.fichier_id,
        fichiers.charge_le,
        lignes.numero_ligne,
        lignes.ligne
    from a_lire
    inner join fichiers on a_lire.dossier = fichiers.dossier and a_lire.fichier = fichiers.fichier
    inner join lignes on fichiers.version_fichier = lignes.version_fichier

)

select * from lignes_a_lire
