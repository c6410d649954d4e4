-- The last event of each centre, and the last file that was loaded for it. Days in the future come from a wrong clock.

with derniers_fichiers as (

    select
        site,
        dossier,
        max(charge_le) as dernier_fichier
    from marts.suivi_chargement
    group by site, dossier

),

dernieres_sessions as (

    select
        centres.id as centre_usinage_id,
        sessions.id as session_id
    from marts.centre_usinage as centres
    cross join lateral (
        select sessions.id
        from marts.session_production as sessions
        where sessions.centre_usinage_id = centres.id and sessions.date_production <= current_date + 1
        order by sessions.date_production desc
        limit 1
    ) as sessions

),

-- An array, and not a join: a hub has each site add up its own sessions.
derniers as (

    select
        session_id,
        max(horodatage) as dernier_evenement
    from marts.evenements
    where session_id = any(array(select dernieres_sessions.session_id from dernieres_sessions))
    group by session_id

)

select
    centres.nom as centre,
    centres.actif,
    derniers.dernier_evenement,
    derniers_fichiers.dernier_fichier
from marts.centre_usinage as centres
left join dernieres_sessions on centres.id = dernieres_sessions.centre_usinage_id
left join derniers on dernieres_sessions.session_id = derniers.session_id
left join derniers_fichiers on centres.site = derniers_fichiers.site and centres.dossier = derniers_fichiers.dossier
order by centres.nom
