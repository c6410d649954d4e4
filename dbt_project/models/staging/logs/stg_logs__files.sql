-- The log files that are in the warehouse. One row per file.

with source as (

    select * from {{ source('logs', 'log_files') }}

),

renomme as (

    select
        folder as dossier,
        file_name as fichier,
        file_version as version_fichier,
        size_bytes as taille_octets,
        modified_at as modifie_le,
        loaded_at as charge_le,
        line_count as nb_lignes,
        purged_at as purge_le
    from source

)

select * from renomme
