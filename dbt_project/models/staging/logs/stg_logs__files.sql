-- The log files that are in the warehouse. One row per file. Without a `with`, behind which PostgreSQL would read all of them
-- wherever they are joined with a few.

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
