-- The files whose lines were taken out of raw (`make purge`), at this moment. One row per file.

with fichiers as (

    select * from {{ ref('stg_logs__files') }}
    where purge_le is not null

)

select md5(dossier || '/' || fichier)::uuid as fichier_id
from fichiers
