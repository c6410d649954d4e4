-- The alerts: what lasts comes first, then what is critical, then what is latest. `en_tout` is how many there are in all. Of
-- several sites, one names its site if nothing else in it does.

select
    centre,
    date_production as jour,
    sujet_type,
    gravite,
    en_cours,
    survenue_le,
    concat_ws(
        ' : ',
        case
            when
                sujet_type in ('usine', 'source', 'construction', 'table')
                and (select min(sites.site) != max(sites.site) from marts.centre_usinage as sites)
                then site
        end,
        left(message, 1000)
    ) as message,
    type,
    count(*) over () as en_tout
from marts.alertes
order by en_cours desc, gravite = 'critique' desc, survenue_le desc nulls last, id asc
limit 100
