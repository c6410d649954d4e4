-- What the days of each period add up to, centre by centre. A median, or a comparison of a period, is in no mart.

-- Period by period, and not all in one sum: a hub has each site add its own days up.
select
    sommes.centre,
    choix.choix,
    choix.du as jour,
    sommes.terminee,
    sommes.jours_avec_pieces,
    sommes.pieces,
    round(100 * sommes.temps_production_net / nullif(sommes.duree_production_totale, 0), 1) as taux_occupation_net,
    round(100 * sommes.temps_attente_net / nullif(sommes.duree_production_totale, 0), 1) as taux_attente_net,
    round(100 * sommes.temps_arret_net / nullif(sommes.duree_production_totale, 0), 1) as taux_arret_net,
    sommes.temps_production_net,
    sommes.temps_attente_net,
    sommes.temps_arret_net,
    sommes.temps_arret_en_pause,
    sommes.temps_arret_hors_pause,
    sans_piece.heures as temps_sans_piece_en_horaire,
    sommes.nombre_arrets,
    sommes.nombre_attentes,
    round(sommes.metres_profil, 0) as metres_profil
from unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
cross join
    lateral (
        select
            journees.centre,
            bool_and(journees.terminee) as terminee,
            count(*) filter (where journees.pieces > 0) as jours_avec_pieces,
            sum(journees.pieces) as pieces,
            sum(journees.duree_production_totale) as duree_production_totale,
            sum(journees.temps_production_net) as temps_production_net,
            sum(journees.temps_attente_net) as temps_attente_net,
            sum(journees.temps_arret_net) as temps_arret_net,
            sum(journees.temps_arret_en_pause) as temps_arret_en_pause,
            sum(journees.temps_arret_hors_pause) as temps_arret_hors_pause,
            sum(journees.nombre_arrets) as nombre_arrets,
            sum(journees.nombre_attentes) as nombre_attentes,
            sum(journees.metres_profil) as metres_profil
        from marts.production_journaliere as journees
        where journees.date_production between choix.du and choix.au
        group by journees.site, journees.centre
    ) as sommes
left join unnest(%(centres)s::text[], %(choisis)s::text[], %(heures)s::numeric[]) as sans_piece (centre, choix, heures)
    on sommes.centre = sans_piece.centre and choix.choix = sans_piece.choix
where choix.choix like 'P%%'
order by sommes.centre, choix.choix
