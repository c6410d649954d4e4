-- The latest alerts.

select
    survenue_le,
    gravite,
    left(message, 1000) as message
from marts.alertes
order by survenue_le desc nulls last, gravite asc, id asc
limit 50
