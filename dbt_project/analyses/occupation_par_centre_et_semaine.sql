-- Quelle part de son temps chaque centre a-t-il produit, semaine par semaine ? Une ligne par centre et semaine ISO. Un taux ne se
-- moyenne pas : on additionne les heures, puis on divise. Une session sans pièce a NULL partout, et ne compte donc pas.

with sessions as (

    select * from {{ ref('session_production') }}

)

select
    sessions.centre,
    to_char(sessions.date_production, 'IYYY-"S"IW') as semaine,
    count(*) filter (where sessions.total_pieces > 0) as journees,
    sum(sessions.total_pieces) as pieces,
    round(sum(sessions.duree_production_totale), 1) as heures_fenetre,
    round(sum(sessions.temps_production_net), 1) as heures_production,
    round(100 * sum(sessions.temps_production_net) / nullif(sum(sessions.duree_production_totale), 0), 1) as taux_occupation_net,
    round(100 * sum(sessions.temps_attente_net) / nullif(sum(sessions.duree_production_totale), 0), 1) as taux_attente_net,
    round(100 * sum(sessions.temps_arret_net) / nullif(sum(sessions.duree_production_totale), 0), 1) as taux_arret_net
from sessions
group by sessions.centre, to_char(sessions.date_production, 'IYYY-"S"IW')
order by semaine, centre
