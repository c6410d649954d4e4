-- The latest notes on the quality of the data.

select
    survenue_le,
    left(message, 1000) as message,
    centre,
    date_production as jour,
    left(fichier, 200) as fichier
from marts.notes_qualite
order by survenue_le desc nulls last, id asc
limit 50
