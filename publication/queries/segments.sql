-- The states of each session, as many as fit into a page. Times are counted from the production day's midnight.

select
    centres.nom as centre,
    sessions.date_production as jour,
    segments.timestamp_debut - sessions.date_production as debut,
    segments.timestamp_fin - sessions.date_production as fin,
    segments.etat
from marts.chronologie as segments
inner join marts.session_production as sessions on segments.session_id = sessions.id
inner join marts.centre_usinage as centres on sessions.centre_usinage_id = centres.id
where sessions.date_production between %(premier_jour)s and %(dernier_jour)s and segments.numero_segment <= %(par_journee)s
order by centres.nom, sessions.date_production, segments.numero_segment
