-- The status of the log files of the last days. A folder that two sites have is shown with the site.

with jours_des_sites as (

    select left(fichier, 8) as jour
    from marts.suivi_chargement
    group by site, left(fichier, 8)

),

jours as (

    select distinct jour
    from jours_des_sites
    where jour <= to_char(current_date + 1, 'YYYYMMDD')
    order by jour desc
    limit %(nombre)s

)

select
    suivi.dossier || case
        when min(suivi.site) over (partition by suivi.dossier) != max(suivi.site) over (partition by suivi.dossier)
            then ' (' || suivi.site || ')'
        else ''
    end as dossier,
    suivi.fichier,
    regexp_replace(jours.jour, '(....)(..)(..)', '\1-\2-\3') as jour,
    suivi.statut,
    suivi.nb_lignes,
    suivi.nb_evenements,
    suivi.nb_rejets,
    suivi.modifie_le,
    suivi.charge_le
from marts.suivi_chargement as suivi
inner join jours on left(suivi.fichier, 8) = jours.jour
where left(suivi.fichier, 8) = any(array(select choisis.jour from jours as choisis))
order by suivi.dossier, jours.jour, suivi.fichier
