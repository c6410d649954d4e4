-- The pieces and the minutes of each state, hour by hour, of each day, week and period. Hours are counted from the production day's
-- midnight: 24 is the first hour of the day after.

select
    heures.centre,
    choix.choix,
    (extract(epoch from heures.heure - heures.date_production) / 3600)::integer as heure_de_journee,
    sum(heures.pieces) as pieces,
    round(sum(heures.secondes_production) / 60, 4) as minutes_production,
    round(sum(heures.secondes_attente) / 60, 4) as minutes_attente,
    round(sum(heures.secondes_arret) / 60, 4) as minutes_arret
from marts.production_horaire as heures
inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
    on heures.date_production between choix.du and choix.au
where heures.date_production between %(premier_jour)s and %(dernier_jour)s
group by heures.centre, choix.choix, heures.heure - heures.date_production
order by heures.centre, choix.choix, heures.heure - heures.date_production
