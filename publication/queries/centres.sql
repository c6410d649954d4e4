-- The machining centres.

select
    nom as centre,
    type_cu,
    description
from marts.centre_usinage
order by nom
