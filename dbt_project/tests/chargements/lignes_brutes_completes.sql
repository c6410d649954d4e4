-- Raw has all lines of each file in the ledger: numbered from 1 to `line_count`, none missing, none twice, none of another version.
-- One row per file and version.

{{ config(tags=['audit']) }}

with fichiers as (

    select * from {{ source('logs', 'log_files') }}
    where purged_at is null

),

lignes as (

    select * from {{ source('logs', 'log_lines') }}

),

comptes as (

    select
        folder,
        file_name,
        file_version,
        count(*) as nb_lignes,
        count(distinct line_number) as nb_numeros,
        min(line_number) as premier_numero,
        max(line_number) as dernier_numero
    from lignes
    group by folder, file_name, file_version

)

select
    coalesce(fichiers.folder, comptes.folder) as folder,
    coalesce(fichiers.file_name, comptes.file_name) as file_name,
    fichiers.file_version,
    comptes.file_version as version_des_lignes,
    fichiers.line_count,
    comptes.nb_lignes,
    comptes.nb_numeros,
    comptes.premier_numero,
    comptes.dernier_numero
from fichiers
full join comptes
    on fichiers.folder = comptes.folder
    and fichiers.file_name = comptes.file_name
    and fichiers.file_version = comptes.file_version
where
    fichiers.file_version is null
    or fichiers.line_count != coalesce(comptes.nb_lignes, 0)
    or comptes.nb_lignes != comptes.nb_numeros
    or comptes.premier_numero != 1
    or comptes.dernier_numero != comptes.nb_lignes
