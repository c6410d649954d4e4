-- The days on which a centre is closed, and what is wrong with a line. One row per line of jours_fermes.csv that is not empty.

with lignes as (

    select * from {{ ref('stg_horaires__lignes') }}
    where fichier = 'jours_fermes'

)

select
    ligne,
    centre,
    valable_du as du,
    valable_au as au,
    motif,
    erreur
from lignes
