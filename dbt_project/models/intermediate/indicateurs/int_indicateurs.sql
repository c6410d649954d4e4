-- The figures of the days and weeks to recompute, from exact values, each rounded once. One row per period that has a session.

-- Not materialized, so that a filter on days or weeks reaches each step.
with periodes as not materialized (

    select * from {{ ref('int_periodes_a_calculer') }}
    where session_id is not null

),

sessions as (

    select * from {{ ref('session_production') }}

),

heures as (

    select * from {{ ref('production_horaire') }}

),

attentes as (

    select * from {{ ref('periode_attente') }}

),

arrets as (

    select * from {{ ref('periode_arret') }}

),

profils as (

    select * from {{ ref('job_profil') }}

),

cycles_des_sessions as (

    select * from {{ ref('int_cycles') }}
    where duree_cycle is not null

),

a_calculer as (

    select
        periodes.periode,
        periodes.id,
        periodes.centre_usinage_id,
        periodes.date_debut,
        periodes.date_precedente,
        min(sessions.id::text)::uuid as premiere_session_id,
        sum(sessions.total_pieces) as pieces,
        count(*) filter (where sessions.total_pieces > 0)::integer as jours_avec_pieces
    from periodes
    inner join sessions on periodes.session_id = sessions.id
    where periodes.propre
    group by periodes.periode, periodes.id, periodes.centre_usinage_id, periodes.date_debut, periodes.date_precedente

),

temps as (

    select
        periodes.periode,
        periodes.id,
        sum(heures.secondes_production) filter (where periodes.propre) as secondes_production,
        sum(heures.secondes_attente) filter (where periodes.propre) as secondes_attente,
        sum(heures.secondes_arret) filter (where periodes.propre) as secondes_arret,
        sum(heures.pieces) filter (where not periodes.propre) as pieces_precedentes,
        sum(heures.secondes_production) filter (where not periodes.propre) as secondes_production_precedentes
    from periodes
    inner join heures on periodes.session_id = heures.session_id
    group by periodes.periode, periodes.id

),

arrets_comptes as (

    select
        periodes.periode,
        periodes.id,
        count(*)::integer as nombre,
        max(arrets.duree_secondes) as plus_long
    from periodes
    inner join arrets on periodes.session_id = arrets.session_id
    where periodes.propre
    group by periodes.periode, periodes.id

),

attentes_comptees as (

    select
        periodes.periode,
        periodes.id,
        count(*)::integer as nombre,
        max(attentes.duree_secondes) as plus_longue
    from periodes
    inner join attentes on periodes.session_id = attentes.session_id
    where periodes.propre
    group by periodes.periode, periodes.id

),

profils_pris as (

    select
        periodes.periode,
        periodes.id,
        sum(profils.longueur) as millimetres
    from periodes
    inner join profils on periodes.session_id = profils.session_id
    where periodes.propre
    group by periodes.periode, periodes.id

),

cycles as (

    select
        periodes.periode,
        periodes.id,
        cycles.duree_cycle,
        sum(cycles.nombre) as nombre
    from periodes
    inner join cycles_des_sessions as cycles on periodes.session_id = cycles.session_id
    where periodes.propre
    group by periodes.periode, periodes.id, cycles.duree_cycle

),

cycles_ranges as (

    select
        periode,
        id,
        extract(epoch from duree_cycle)::numeric as duree_cycle,
        sum(nombre) over (partition by periode, id order by duree_cycle) as cumul,
        sum(nombre) over (partition by periode, id) as total
    from cycles

),

medianes as (

    select
        periode,
        id,
        {{ mediane('duree_cycle', 'cumul', 'total') }} as temps_cycle_median
    from cycles_ranges
    group by periode, id

),

-- A period without pieces has no window: its durations are NULL.
reunis as (

    select
        a_calculer.*,
        temps.secondes_production,
        temps.secondes_attente,
        temps.secondes_arret,
        temps.secondes_production + temps.secondes_attente + temps.secondes_arret as secondes_fenetre,
        temps.pieces_precedentes,
        nullif(temps.secondes_production_precedentes, 0) as secondes_production_precedentes,
        coalesce(arrets_comptes.nombre, 0) as nombre_arrets,
        arrets_comptes.plus_long as plus_long_arret,
        coalesce(attentes_comptees.nombre, 0) as nombre_attentes,
        attentes_comptees.plus_longue as plus_longue_attente,
        coalesce(profils_pris.millimetres, 0) as millimetres,
        medianes.temps_cycle_median
    from a_calculer
    left join temps on a_calculer.periode = temps.periode and a_calculer.id = temps.id
    left join arrets_comptes on a_calculer.periode = arrets_comptes.periode and a_calculer.id = arrets_comptes.id
    left join attentes_comptees on a_calculer.periode = attentes_comptees.periode and a_calculer.id = attentes_comptees.id
    left join profils_pris on a_calculer.periode = profils_pris.periode and a_calculer.id = profils_pris.id
    left join medianes on a_calculer.periode = medianes.periode and a_calculer.id = medianes.id

),

arrondis as (

    select
        *,
        {{ heures('secondes_fenetre') }} as duree_production_totale,
        {{ heures('secondes_attente') }} as temps_attente_net,
        {{ heures('secondes_arret') }} as temps_arret_net,
        {{ taux('secondes_attente', 'secondes_fenetre') }} as taux_attente_net,
        {{ taux('secondes_arret', 'secondes_fenetre') }} as taux_arret_net
    from reunis

),

indicateurs as (

    select
        periode,
        id,
        premiere_session_id,
        centre_usinage_id,
        date_debut,
        jours_avec_pieces,
        pieces::integer as pieces,
        round(3600 * pieces / nullif(secondes_production, 0), 2) as cadence,
        temps_cycle_median::numeric(14, 2) as temps_cycle_median,
        duree_production_totale::numeric(14, 4) as duree_production_totale,
        (duree_production_totale - temps_attente_net - temps_arret_net)::numeric(14, 4) as temps_production_net,
        temps_attente_net::numeric(14, 4) as temps_attente_net,
        temps_arret_net::numeric(14, 4) as temps_arret_net,
        (100 - taux_attente_net - taux_arret_net)::numeric(18, 2) as taux_occupation_net,
        taux_attente_net::numeric(18, 2) as taux_attente_net,
        taux_arret_net::numeric(18, 2) as taux_arret_net,
        nombre_arrets,
        trim_scale(plus_long_arret) as plus_long_arret,
        nombre_attentes,
        trim_scale(plus_longue_attente) as plus_longue_attente,
        round(millimetres / 1000, 2) as metres_profil,
        date_precedente,
        round(100.0 * (pieces - pieces_precedentes) / nullif(pieces_precedentes, 0), 2) as variation_pieces,
        -- The ratio of two rates, written with one division in place of three, to round less.
        round(
            100.0 * (pieces * secondes_production_precedentes - pieces_precedentes * secondes_production)
            / nullif(pieces_precedentes * secondes_production, 0),
            2
        ) as variation_cadence
    from arrondis

)

select * from indicateurs
