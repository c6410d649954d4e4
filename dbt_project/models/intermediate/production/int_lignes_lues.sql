-- What every line of the log files says now, read afresh: what `int_lignes` keeps is held against it. One row per line that is not
-- blank.

with lignes as (

    select * from {{ ref('stg_logs__lines') }}

),

{{ etapes_de_lecture('lignes', ['version_fichier', 'numero_ligne']) }}

select
    version_fichier,
    numero_ligne,
    btrim(ligne, {{ blancs() }}) as ligne,
    horodatage,
    date_production,
    evenement,
    details,
    duree_secondes,
    reference,
    longueur,
    couleur,
    motif
from lues
