-- The file of each folder that was modified last.

select distinct on (dossier)
    dossier,
    fichier,
    statut,
    nb_evenements,
    nb_rejets,
    modifie_le,
    charge_le
from marts.suivi_chargement
order by dossier asc, modifie_le desc, fichier desc
