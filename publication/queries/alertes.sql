-- The alerts: what lasts comes first, then what is critical, then what is latest. `en_tout` is how many there are in all.

select
    centre,
    date_production as jour,
    sujet_type,
    gravite,
    en_cours,
    survenue_le,
    left(message, 1000) as message,
    type,
    count(*) over () as en_tout
from marts.alertes
order by en_cours desc, gravite = 'critique' desc, survenue_le desc nulls last, id asc
limit 100
