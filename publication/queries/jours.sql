-- The last production days, latest first. A machine whose clock is wrong writes days that are yet to come: they do not count.

select distinct date_production as jour
from marts.session_production
where date_production <= current_date + 1
order by date_production desc
limit %(nombre)s
