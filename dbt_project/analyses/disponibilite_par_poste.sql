-- Quelle part du temps prévu chaque poste a-t-il produit, semaine par semaine ? Une ligne par centre, semaine et poste. Un taux ne
-- se moyenne pas : on additionne les heures, puis on divise. Un poste où rien n'est arrivé compte ; un poste qui n'est pas fini,
-- non.

with postes as (

    select * from {{ ref('production_poste') }}
    where termine and poste is not null

)

select
    centre,
    to_char(date_poste, 'IYYY-"S"IW') as semaine,
    poste,
    count(*) as postes,
    count(*) filter (where pieces = 0) as postes_sans_piece,
    sum(pieces) as pieces,
    round(sum(temps_prevu), 1) as heures_prevues,
    round(sum(temps_production), 1) as heures_production,
    round(sum(temps_attente), 1) as heures_attente,
    round(sum(temps_arret), 1) as heures_arret,
    round(sum(temps_sans_piece), 1) as heures_sans_piece,
    round(100 * sum(temps_production) / nullif(sum(temps_prevu), 0), 1) as taux_disponibilite
from postes
group by centre, to_char(date_poste, 'IYYY-"S"IW'), poste
order by semaine desc, centre asc, poste asc
