-- The figures of each centre's days, also of days without a session. `verdict`: a day is ordinary up to a twentieth from the
-- usual pieces, and up to as much as days are from them as a rule.

-- An array, and not a join: a hub has each site add up its own sessions.
with dernieres_donnees as (

    select
        session_id,
        max(horodatage) as derniere_donnee
    from marts.evenements
    where
        session_id = any(array(
            select journees.session_id
            from marts.production_journaliere as journees
            where not journees.terminee and journees.date_production between %(premier_jour)s and %(dernier_jour)s
        ))
    group by session_id

),

jours as (

    select *
    from marts.calendrier
    where date_production = any(%(jours)s::date[])

)

select
    jours.centre,
    jours.date_production::text as choix,
    jours.date_production as jour,
    journees.terminee,
    dernieres_donnees.derniere_donnee,
    case when journees.id is null then jours.motif end as motif,
    journees.pieces,
    round(journees.pieces_habituelles, 0) as pieces_habituelles,
    journees.comparables,
    round(journees.ecart_habituel, 1) as ecart_habituel,
    case
        when
            abs(journees.pieces - journees.pieces_habituelles)
            <= greatest(journees.dispersion_pieces, 0.05 * journees.pieces_habituelles)
            then 'ordinaire'
        when journees.pieces > journees.pieces_habituelles then 'meilleure que d’ordinaire'
        when journees.pieces < journees.pieces_habituelles then 'moins bonne que d’ordinaire'
    end as verdict,
    round(journees.taux_disponibilite, 1) as taux_disponibilite,
    round(journees.taux_performance, 1) as taux_performance,
    round(journees.taux_occupation_net, 1) as taux_occupation_net,
    round(journees.taux_attente_net, 1) as taux_attente_net,
    round(journees.taux_arret_net, 1) as taux_arret_net,
    coalesce(journees.temps_prevu, case when journees.id is null then jours.temps_prevu end) as temps_prevu,
    journees.temps_production_net,
    journees.temps_attente_net,
    journees.temps_arret_net,
    journees.temps_arret_en_pause,
    journees.temps_arret_hors_pause,
    journees.temps_sans_piece_en_horaire,
    round(journees.cadence, 1) as cadence,
    round(journees.temps_cycle_median_secondes, 0) as temps_cycle_median_secondes,
    journees.nombre_arrets,
    journees.nombre_attentes,
    round(journees.metres_profil, 0) as metres_profil
from jours
left join marts.production_journaliere as journees
    on jours.site = journees.site
    and jours.centre_usinage_id = journees.centre_usinage_id
    and jours.date_production = journees.date_production
left join dernieres_donnees on journees.session_id = dernieres_donnees.session_id
order by jours.centre, jours.date_production
