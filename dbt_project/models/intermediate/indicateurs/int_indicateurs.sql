-- The figures of the days and weeks to recompute, from exact values, each rounded once. One row per period that has a session.

{{ config(materialized='ephemeral') }}

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

segments as (

    select * from {{ ref('chronologie') }}

),

a_calculer as (

    select
        periodes.periode,
        periodes.id,
        periodes.centre_usinage_id,
        periodes.centre,
        periodes.date_debut,
        periodes.terminee,
        min(sessions.id::text)::uuid as premiere_session_id,
        min(sessions.postes) as postes,
        sum(sessions.total_pieces) as pieces,
        count(*) filter (where sessions.total_pieces > 0)::integer as jours_avec_pieces
    from periodes
    inner join sessions on periodes.session_id = sessions.id
    group by
        periodes.periode, periodes.id, periodes.centre_usinage_id, periodes.centre, periodes.date_debut, periodes.terminee

),

temps as (

    select
        periodes.periode,
        periodes.id,
        sum(heures.secondes_production) as secondes_production,
        sum(heures.secondes_attente) as secondes_attente,
        sum(heures.secondes_arret) as secondes_arret
    from periodes
    inner join heures on periodes.session_id = heures.session_id
    group by periodes.periode, periodes.id

),

plus_longs as (

    select
        periodes.periode,
        periodes.id,
        max(segments.duree_secondes) filter (where segments.etat = 'attente') as plus_longue_attente,
        max(segments.duree_secondes) filter (where segments.etat = 'arret') as plus_long_arret
    from periodes
    inner join segments on periodes.session_id = segments.session_id
    where segments.etat != 'production'
    group by periodes.periode, periodes.id

),

arrets_comptes as (

    select
        periodes.periode,
        periodes.id,
        count(*)::integer as nombre
    from periodes
    inner join arrets on periodes.session_id = arrets.session_id
    group by periodes.periode, periodes.id

),

attentes_comptees as (

    select
        periodes.periode,
        periodes.id,
        count(*)::integer as nombre
    from periodes
    inner join attentes on periodes.session_id = attentes.session_id
    group by periodes.periode, periodes.id

),

profils_pris as (

    select
        periodes.periode,
        periodes.id,
        sum(profils.longueur) as millimetres
    from periodes
    inner join profils on periodes.session_id = profils.session_id
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
        coalesce(arrets_comptes.nombre, 0) as nombre_arrets,
        plus_longs.plus_long_arret,
        coalesce(attentes_comptees.nombre, 0) as nombre_attentes,
        plus_longs.plus_longue_attente,
        coalesce(profils_pris.millimetres, 0) as millimetres,
        medianes.temps_cycle_median
    from a_calculer
    left join temps on a_calculer.periode = temps.periode and a_calculer.id = temps.id
    left join plus_longs on a_calculer.periode = plus_longs.periode and a_calculer.id = plus_longs.id
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
        centre,
        date_debut,
        terminee,
        postes,
        jours_avec_pieces,
        pieces::integer as pieces,
        round(3600 * pieces / nullif(secondes_production, 0), 2) as cadence,
        temps_cycle_median::numeric(14, 2) as temps_cycle_median_secondes,
        duree_production_totale::numeric(14, 4) as duree_production_totale,
        (duree_production_totale - temps_attente_net - temps_arret_net)::numeric(14, 4) as temps_production_net,
        temps_attente_net::numeric(14, 4) as temps_attente_net,
        temps_arret_net::numeric(14, 4) as temps_arret_net,
        (100 - taux_attente_net - taux_arret_net)::numeric(18, 2) as taux_occupation_net,
        taux_attente_net::numeric(18, 2) as taux_attente_net,
        taux_arret_net::numeric(18, 2) as taux_arret_net,
        nombre_arrets,
        {{ heures('plus_long_arret') }}::numeric(14, 4) as plus_long_arret,
        nombre_attentes,
        {{ heures('plus_longue_attente') }}::numeric(14, 4) as plus_longue_attente,
        round(millimetres / 1000, 2) as metres_profil
    from arrondis

)

select * from indicateurs
