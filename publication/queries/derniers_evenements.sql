-- The last event of each centre, and the last file that was loaded for it. Days in the future come from a wrong clock.

with derniers_fichiers as (

    select
        dossier,
        max(charge_le) as dernier_fichier
    from marts.suivi_chargement
    group by dossier

)

select
    centres.nom as centre,
    centres.actif,
    derniers.dernier_evenement,
    derniers_fichiers.dernier_fichier
from marts.centre_usinage as centres
left join lateral (
    select max(evenements.horodatage) as dernier_evenement
    from (
        select sessions.id
        from marts.session_production as sessions
        where sessions.centre_usinage_id = centres.id and sessions.date_production <= current_date + 1
        order by sessions.date_production desc
        limit 1
    ) as derniere_session
    inner join marts.evenements as evenements on derniere_session.id = evenements.session_id
) as derniers on true
left join derniers_fichiers on centres.dossier = derniers_fichiers.dossier
order by centres.nom
