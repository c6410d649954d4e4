-- The states of each session, as many as fit into a page. Times are seconds from the production day's midnight.

select
    sessions.centre,
    sessions.date_production as jour,
    extract(epoch from segments.timestamp_debut - sessions.date_production)::float8 as debut,
    extract(epoch from segments.timestamp_fin - sessions.date_production)::float8 as fin,
    segments.etat
from marts.chronologie as segments
inner join marts.session_production as sessions on segments.session_id = sessions.id
where sessions.date_production between %(premier_jour)s and %(dernier_jour)s and segments.numero_segment <= %(par_journee)s
order by sessions.centre, sessions.date_production, segments.numero_segment
