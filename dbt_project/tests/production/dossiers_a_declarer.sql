-- Folders on the FTP server that no centre declares. Their files are in no session.

{{ config(severity='warn') }}

with suivi as (

    select * from {{ ref('suivi_chargement') }}

)

select
    dossier,
    count(*) as nb_fichiers,
    sum(nb_evenements) as nb_evenements,
    max(charge_le) as dernier_chargement
from suivi
where statut = 'dossier inconnu'
group by dossier
