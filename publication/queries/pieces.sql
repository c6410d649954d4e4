-- The pieces of each session, as many as fit into a page. Times are counted from the production day's midnight.

select
    centres.nom as centre,
    sessions.date_production as jour,
    pieces.numero_piece,
    pieces.timestamp_production - sessions.date_production as heure,
    left(pieces.details, 200) as details,
    left(profils.reference, 100) as reference
from marts.piece_production as pieces
inner join marts.session_production as sessions on pieces.session_id = sessions.id
inner join marts.centre_usinage as centres on sessions.centre_usinage_id = centres.id
left join marts.job_profil as profils on pieces.job_profil_id = profils.id
where sessions.date_production between %(premier_jour)s and %(dernier_jour)s and pieces.numero_piece <= %(par_journee)s
order by centres.nom, sessions.date_production, pieces.timestamp_production, pieces.numero_piece
