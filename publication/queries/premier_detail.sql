-- The first day of which the page has all pieces and states: as many days as do not hold more pieces in all than a page can.

with journees as (

    select
        date_production,
        sum(case when pieces < %(par_journee)s then pieces else %(par_journee)s end) as pieces
    from marts.production_journaliere
    where date_production between %(premier_jour)s and %(dernier_jour)s
    group by site, date_production

),

cumulees as (

    select
        date_production,
        sum(sum(pieces)) over (order by date_production desc) as pieces
    from journees
    group by date_production

)

select min(date_production) as jour
from cumulees
where pieces <= %(en_tout)s
