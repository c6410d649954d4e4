-- Files loaded within the last week with many rejected lines, by the thresholds of the alerts: the format of a machine may have
-- changed. One row per file.

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
