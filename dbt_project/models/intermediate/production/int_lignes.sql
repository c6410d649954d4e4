-- What the lines say, stored, so that each version of a file is read once. Of purged files, nothing else is left. One row per line
-- that is not blank.

{{ config(
    materialized='incremental',
    unique_key=['fichier_id', 'numero_ligne'],
    meta={'scope': {
        'worklist': 'int_fichiers_a_lire', 'on': {'fichier_id': 'fichier_id'}, 'kept': true,
        'condition': "list.fichier_id not in (
            select md5(dossier || '/' || fichier)::uuid from staging.stg_logs__files where purge_le is not null
        )",
    }},
) }}

-- Rows of purged files are kept, also if a file was purged after it was put on the worklist:
-- depends_on: {{ ref('stg_logs__files') }}

with lignes as (

    select * from {{ ref('int_lignes_lues') }}

)

select
    fichier_id,
    charge_le,
    numero_ligne,
    {{ var('version_lecture') }} as version_lecture,
    horodatage,
    evenement,
    details,
    duree_secondes,
    reference,
    longueur,
    couleur,
    motif,
    case when motif is not null then ligne end as ligne
from lignes
