-- The rejected lines of the files that were loaded last, and why they were rejected.

select
    rejets.dossier,
    rejets.fichier,
    rejets.numero_ligne,
    case rejets.motif
        when 'format' then 'forme inattendue'
        when 'horodatage' then 'date ou heure impossible'
        when 'duree' then 'attente sans durée'
        else 'profilé sans référence ou longueur'
    end as raison,
    left(rejets.ligne, 200) as ligne
from marts.lignes_rejetees as rejets
inner join marts.suivi_chargement as suivi
    on rejets.site = suivi.site
    and rejets.dossier = suivi.dossier
    and rejets.fichier = suivi.fichier
order by left(rejets.fichier, 8) desc, rejets.dossier asc, rejets.numero_ligne asc
limit 50
