-- The lines of the log files, decoded. One row per line. It uses no `with`, because PostgreSQL would then read all lines for a join
-- with a few files.

select
    file_version as version_fichier,
    folder as dossier,
    file_name as fichier,
    line_number as numero_ligne,
    {{ lire_ligne('ligne') }} as ligne
from (
    select
        file_version,
        folder,
        file_name,
        line_number,
        -- A byte-order mark, here three characters, can only be at the beginning of a file.
        case when line_number = 1 and starts_with(line, 'ï»¿') then substr(line, 4) else line end as ligne
    from {{ source('logs', 'log_lines') }}
) as sans_marque
