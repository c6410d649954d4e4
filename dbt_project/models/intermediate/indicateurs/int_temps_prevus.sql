-- The figures of the days and weeks to recompute against the declared working time, from exact seconds, each rounded once. One row
-- per period that is not empty.

{{ config(materialized='ephemeral') }}

-- Not materialized, so that a filter on days or weeks reaches each step.
with periodes as not materialized (

    select * from {{ ref('int_periodes_a_calculer') }}

),

dernier_chargement as (

    select * from {{ ref('int_dernier_chargement') }}

),

calendrier as (

    select * from {{ ref('int_calendrier') }}

),

cadences as (

    select * from {{ ref('int_horaires') }}
    where nature = 'cadence'

),

sessions as (

    select * from {{ ref('session_production') }}

),

temps_postes as (

    select * from {{ ref('int_temps_postes') }}
    where poste is not null

),

a_calculer as (

    select distinct
        periode,
        id,
        centre_usinage_id,
        dossier,
        date_debut
    from periodes
    where session_id is not null

),

temps_sessions as (

    select
        periodes.periode,
        periodes.id,
        sessions.date_production,
        coalesce(sum(temps_postes.pieces_en_horaire), 0) as pieces,
        coalesce(sum(temps_postes.secondes_production), 0) as secondes_production,
        coalesce(sum(temps_postes.secondes_attente), 0) as secondes_attente,
        coalesce(sum(temps_postes.secondes_arret), 0) as secondes_arret,
        coalesce(sum(temps_postes.secondes_arret_en_pause), 0) as secondes_arret_en_pause
    from periodes
    inner join sessions on periodes.session_id = sessions.id
    left join temps_postes on sessions.id = temps_postes.session_id
    group by periodes.periode, periodes.id, sessions.date_production

),

journees as (

    select
        a_calculer.periode,
        a_calculer.id,
        declares.est_declare,
        declares.est_declare and dates.fin <= dernier_chargement.commence_le as compte,
        declares.secondes_prevues,
        temps_sessions.pieces,
        temps_sessions.secondes_production,
        temps_sessions.secondes_attente,
        temps_sessions.secondes_arret,
        temps_sessions.secondes_arret_en_pause,
        3600 * temps_sessions.pieces / cadences.pieces_par_heure as secondes_theoriques
    from a_calculer
    cross join dernier_chargement
    inner join lateral (
        select
            a_calculer.date_debut + rangs.rang as jour,
            a_calculer.date_debut + rangs.rang + interval '1 day {{ var("debut_journee") }}' as fin
        from generate_series(0, case a_calculer.periode when 'jour' then 0 else 6 end) as rangs (rang)
    ) as dates on true
    -- Day by day, through the index on dates.
    inner join lateral (
        select
            calendrier.est_declare,
            case when calendrier.est_declare then calendrier.secondes_prevues end as secondes_prevues
        from calendrier
        where calendrier.dossier = a_calculer.dossier and calendrier.jour = dates.jour
        limit all
    ) as declares on true
    left join temps_sessions
        on a_calculer.periode = temps_sessions.periode
        and a_calculer.id = temps_sessions.id
        and dates.jour = temps_sessions.date_production
    left join cadences
        on a_calculer.dossier = cadences.dossier
        and dates.jour between cadences.du and cadences.au

),

-- A day that is not finished counts only for its stops within breaks. A day without a session counts for its planned time.
sommes as (

    select
        periode,
        id,
        sum(secondes_prevues) filter (where compte) as secondes_prevues,
        coalesce(sum(pieces) filter (where compte), 0)::integer as pieces,
        coalesce(sum(secondes_production) filter (where compte), 0) as secondes_production,
        coalesce(sum(secondes_attente) filter (where compte), 0) as secondes_attente,
        coalesce(sum(secondes_arret) filter (where compte), 0) as secondes_arret,
        sum(secondes_arret_en_pause) filter (where est_declare) as secondes_arret_en_pause,
        sum(secondes_theoriques) filter (where compte) as secondes_theoriques,
        -- Without a cadence for all of it, there is no performance.
        bool_and(secondes_theoriques is not null) filter (
            where compte and (pieces > 0 or secondes_production > 0)
        ) as a_une_cadence
    from journees
    group by periode, id

),

arrondis as (

    select
        periode,
        id,
        {{ heures('secondes_prevues') }} as temps_prevu,
        pieces,
        {{ heures('secondes_production') }} as temps_production,
        {{ heures('secondes_attente') }} as temps_attente,
        {{ heures('secondes_arret') }} as temps_arret,
        {{ heures('secondes_arret_en_pause') }} as temps_arret_en_pause,
        {{ taux('secondes_production', 'secondes_prevues') }} as taux_disponibilite,
        case when a_une_cadence then {{ taux('secondes_theoriques', 'secondes_production') }} end as taux_performance,
        case
            when a_une_cadence and secondes_production > 0 then {{ taux('secondes_theoriques', 'secondes_prevues') }}
        end as taux_rendement
    from sommes

)

select
    periode,
    id,
    temps_prevu::numeric(14, 4) as temps_prevu,
    case when temps_prevu is not null then pieces end as pieces_en_horaire,
    case when temps_prevu is not null then temps_production end::numeric(14, 4) as temps_production_en_horaire,
    case when temps_prevu is not null then temps_attente end::numeric(14, 4) as temps_attente_en_horaire,
    case when temps_prevu is not null then temps_arret end::numeric(14, 4) as temps_arret_en_horaire,
    case
        when temps_prevu is not null then greatest(temps_prevu - temps_production - temps_attente - temps_arret, 0)
    end::numeric(14, 4) as temps_sans_piece_en_horaire,
    temps_arret_en_pause::numeric(14, 4) as temps_arret_en_pause,
    taux_disponibilite::numeric(18, 2) as taux_disponibilite,
    taux_performance::numeric(18, 2) as taux_performance,
    taux_rendement::numeric(18, 2) as taux_rendement
from arrondis
