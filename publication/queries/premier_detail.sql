-- The first day of which the page has all pieces and states: as many days as do not hold more pieces in all than a page can.

with journees as (

    select
        date_production,
        sum(least(total_pieces, %(par_journee)s)) as pieces
    from marts.session_production
    where date_production between %(premier_jour)s and %(dernier_jour)s
    group by date_production

),

cumulees as (

    select
        date_production,
        sum(pieces) over (order by date_production desc) as pieces
    from journees

)

select min(date_production) as jour
from cumulees
where pieces <= %(en_tout)s
