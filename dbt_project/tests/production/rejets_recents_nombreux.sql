-- Files loaded within the last week of which many lines are rejected, by the measure of the alerts: a machine may have changed its
-- way of writing. One row per file.

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
    and nb_rejets > greatest({{ var('alertes_part_rejets') }} * nb_lignes, {{ var('alertes_rejets') }})
