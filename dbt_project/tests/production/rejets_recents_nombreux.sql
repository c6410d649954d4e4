-- Files loaded within the last week of which more than a tenth of the lines are rejected: a machine may have
-- changed its way of writing. One row per file.

{{ config(severity='warn') }}

with suivi as (

    select * from {{ ref('suivi_chargement') }}

)

select
    dossier,
    fichier,
    nb_lignes,
    nb_rejets,
    charge_le
from suivi
where
    charge_le > now() - interval '7 days'
    and nb_rejets > greatest(0.1 * nb_lignes, 10)
