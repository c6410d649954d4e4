-- The pieces of each session, as many as fit into a page. Times are seconds from the production day's midnight.

select
    sessions.centre,
    sessions.date_production as jour,
    pieces.numero_piece,
    extract(epoch from pieces.timestamp_production - sessions.date_production)::float8 as heure,
    left(pieces.details, 200) as details,
    left(profils.reference, 100) as reference
from marts.piece_production as pieces
inner join marts.session_production as sessions on pieces.session_id = sessions.id
left join marts.job_profil as profils on pieces.job_profil_id = profils.id and pieces.session_id = profils.session_id
where sessions.date_production between %(premier_jour)s and %(dernier_jour)s and pieces.numero_piece <= %(par_journee)s
order by sessions.centre, sessions.date_production, pieces.timestamp_production, pieces.numero_piece
