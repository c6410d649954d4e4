-- The pieces of each session, hour by hour, counted from the production day's midnight: 24 is the first hour of the day after.

select
    centres.nom as centre,
    heures.date_production as jour,
    (extract(epoch from heures.heure - heures.date_production) / 3600)::integer as heure_de_journee,
    heures.pieces,
    round(heures.secondes_production / 60, 1) as minutes_production,
    round(heures.secondes_attente / 60, 1) as minutes_attente,
    round(heures.secondes_arret / 60, 1) as minutes_arret
from marts.production_horaire as heures
inner join marts.centre_usinage as centres on heures.centre_usinage_id = centres.id
where heures.date_production between %(premier_jour)s and %(dernier_jour)s
order by centres.nom, heures.date_production, heures.heure
