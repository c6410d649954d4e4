-- The file of each folder that was modified last. A folder that two sites have is shown with the site.

with dernieres as (

    select max(modifie_le) as modifie_le
    from marts.suivi_chargement
    group by site, dossier

)

-- An array, and not a join: a hub has each site find its own files.
select distinct on (site, dossier)
    dossier || case
        when min(site) over (partition by dossier) != max(site) over (partition by dossier) then ' (' || site || ')'
        else ''
    end as dossier,
    fichier,
    statut,
    nb_evenements,
    nb_rejets,
    modifie_le,
    charge_le
from marts.suivi_chargement
where modifie_le = any(array(select dernieres.modifie_le from dernieres))
order by site asc, dossier asc, modifie_le desc, fichier desc
