-- The figures of each session.

select
    centres.nom as centre,
    journees.date_production as jour,
    journees.terminee,
    journees.pieces,
    journees.comparables,
    journees.pieces_habituelles,
    journees.ecart_habituel,
    journees.cadence,
    journees.temps_cycle_median_secondes,
    journees.taux_occupation_net,
    journees.taux_attente_net,
    journees.taux_arret_net,
    journees.temps_production_net,
    journees.temps_attente_net,
    journees.temps_arret_net,
    journees.nombre_arrets,
    journees.metres_profil
from marts.production_journaliere as journees
inner join marts.centre_usinage as centres on journees.centre_usinage_id = centres.id
where journees.date_production between %(premier_jour)s and %(dernier_jour)s
order by centres.nom, journees.date_production
