-- The lines of the log files, as proper text. One row per line.

with source as (

    select * from {{ source('logs', 'log_lines') }}

),

sans_marque as (

    select
        file_version as version_fichier,
        folder as dossier,
        file_name as fichier,
        line_number as numero_ligne,
        -- A byte-order mark, here still three characters, stands at the beginning of a file if anywhere.
        case when line_number = 1 and starts_with(line, 'ï»¿') then substr(line, 4) else line end as ligne
    from source

),

repare as (

    select
        version_fichier,
        dossier,
        fichier,
        numero_ligne,
        {{ lire_ligne('ligne') }} as ligne
    from sans_marque

)

select * from repare
