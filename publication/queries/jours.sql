-- The last production days, latest first. Days in the future come from a wrong clock and do not count.

select distinct date_production as jour
from marts.session_production
where date_production <= current_date + 1
order by date_production desc
limit %(nombre)s
