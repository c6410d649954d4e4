-- The log files in the warehouse. One row per file. It uses no `with`, because PostgreSQL would then read all rows for a join with
-- a few.

select
    folder as dossier,
    file_name as fichier,
    file_version as version_fichier,
    size_bytes as taille_octets,
    modified_at as modifie_le,
    loaded_at as charge_le,
    line_count as nb_lignes,
    purged_at as purge_le
from {{ source('logs', 'log_files') }}
