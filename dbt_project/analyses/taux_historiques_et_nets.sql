-- Où les taux historiques trompent-ils ? Une ligne par session avec une fenêtre, l'écart le plus grand d'abord. Les historiques
-- additionnent aussi les attentes pendant un arrêt, avant la première pièce et après la dernière : ils peuvent sortir de 0 à 100 %.
-- Les nets se limitent à la fenêtre, ne comptent rien deux fois, et font toujours 100 % ensemble.

with sessions as (

    select * from {{ ref('session_production') }}

)

select
    sessions.centre,
    sessions.date_production,
    sessions.taux_occupation as occupation_historique,
    sessions.taux_occupation_net as occupation_nette,
    sessions.taux_occupation_net - sessions.taux_occupation as ecart_en_points,
    round(60 * (sessions.temps_attente - sessions.temps_attente_net), 1) as minutes_attente_en_trop,
    round(60 * (sessions.temps_arret_volontaire - sessions.temps_arret_net), 1) as minutes_arret_en_trop,
    sessions.taux_occupation not between 0 and 100
    or sessions.taux_attente not between 0 and 100
    or sessions.taux_arret_volontaire not between 0 and 100 as historique_hors_bornes
from sessions
where sessions.taux_occupation_net is not null
order by abs(sessions.taux_occupation_net - sessions.taux_occupation) desc, centre asc, sessions.date_production asc
