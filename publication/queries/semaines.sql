-- The figures of each centre's weeks. A week that goes on is compared with nothing. `verdict`: a week is ordinary up to a
-- twentieth from the usual pieces.

with sessions as (

    select
        journees.session_id,
        semaines.id as semaine_id
    from marts.production_journaliere as journees
    inner join marts.production_hebdomadaire as semaines
        on journees.site = semaines.site
        and journees.centre_usinage_id = semaines.centre_usinage_id
        and journees.date_production between semaines.date_debut and semaines.date_debut + 6
    where not semaines.terminee and journees.date_production between %(premier_jour)s and %(dernier_jour)s

),

-- An array, and not a join: a hub has each site add up its own sessions.
derniers_evenements as (

    select
        session_id,
        max(horodatage) as horodatage
    from marts.evenements
    where session_id = any(array(select sessions.session_id from sessions))
    group by session_id

),

dernieres_donnees as (

    select
        sessions.semaine_id,
        max(derniers_evenements.horodatage) as derniere_donnee
    from sessions
    inner join derniers_evenements on sessions.session_id = derniers_evenements.session_id
    group by sessions.semaine_id

)

select
    semaines.centre,
    'S' || semaines.date_debut as choix,
    semaines.date_debut as jour,
    semaines.terminee,
    dernieres_donnees.derniere_donnee,
    semaines.jours_avec_pieces,
    semaines.jours_ouverts,
    semaines.pieces,
    case when semaines.terminee then round(semaines.pieces_habituelles, 0) end as pieces_habituelles,
    case when semaines.terminee then semaines.comparables end as comparables,
    case when semaines.terminee then round(semaines.ecart_habituel, 1) end as ecart_habituel,
    case
        when not semaines.terminee then null
        when abs(semaines.ecart_habituel) <= 5 then 'ordinaire'
        when semaines.ecart_habituel > 0 then 'meilleure que d’ordinaire'
        when semaines.ecart_habituel < 0 then 'moins bonne que d’ordinaire'
    end as verdict,
    round(semaines.taux_disponibilite, 1) as taux_disponibilite,
    round(semaines.taux_performance, 1) as taux_performance,
    round(semaines.taux_occupation_net, 1) as taux_occupation_net,
    round(semaines.taux_attente_net, 1) as taux_attente_net,
    round(semaines.taux_arret_net, 1) as taux_arret_net,
    semaines.temps_prevu,
    semaines.temps_production_net,
    semaines.temps_attente_net,
    semaines.temps_arret_net,
    semaines.temps_arret_en_pause,
    semaines.temps_arret_hors_pause,
    semaines.temps_sans_piece_en_horaire,
    round(semaines.cadence, 1) as cadence,
    round(semaines.temps_cycle_median_secondes, 0) as temps_cycle_median_secondes,
    semaines.nombre_arrets,
    semaines.nombre_attentes,
    round(semaines.metres_profil, 0) as metres_profil
from marts.production_hebdomadaire as semaines
left join dernieres_donnees on semaines.id = dernieres_donnees.semaine_id
where semaines.date_debut between %(premier_jour)s and %(dernier_jour)s
order by semaines.centre, semaines.date_debut
