-- With what each week to recompute is compared: the median of the pieces per open day of the centre's weeks before. Only finished
-- days count. One row per week.

{{ config(materialized='ephemeral') }}

with periodes as (

    select * from {{ ref('int_periodes_a_calculer') }}
    where periode = 'semaine' and session_id is not null

),

sessions as (

    select * from {{ ref('session_production') }}

),

calendrier as (

    select * from {{ ref('int_calendrier') }}

),

dernier_chargement as (

    select * from {{ ref('int_dernier_chargement') }}

),

a_calculer as (

    select distinct
        id,
        centre_usinage_id,
        dossier,
        date_debut
    from periodes

),

-- The weeks that are needed: those to recompute, and those before them.
semaines as (

    select distinct
        a_calculer.centre_usinage_id,
        a_calculer.dossier,
        date_trunc('week', sessions.date_production::timestamp)::date as date_debut
    from a_calculer
    inner join sessions
        on a_calculer.centre_usinage_id = sessions.centre_usinage_id
        and a_calculer.date_debut - 7 * {{ var('comparaison_semaines') | int }} <= sessions.date_production
        and a_calculer.date_debut + 7 > sessions.date_production

),

journees as (

    select
        semaines.centre_usinage_id,
        semaines.date_debut,
        coalesce(sessions.total_pieces, 0) as total_pieces,
        case
            when declares.est_declare then declares.postes is not null
            else coalesce(sessions.total_pieces, 0) > 0
        end as est_ouvert
    from semaines
    cross join dernier_chargement
    inner join lateral (
        select semaines.date_debut + rangs.rang as jour
        from generate_series(0, 6) as rangs (rang)
    ) as dates on true
    -- Day by day, through the index on dates.
    left join lateral (
        select
            calendrier.est_declare,
            calendrier.postes
        from calendrier
        where calendrier.dossier = semaines.dossier and calendrier.jour = dates.jour
        limit all
    ) as declares on true
    left join sessions
        on semaines.centre_usinage_id = sessions.centre_usinage_id
        and dates.jour = sessions.date_production
    where dates.jour + interval '1 day {{ var("debut_journee") }}' <= dernier_chargement.commence_le

),

rythmes as (

    select
        centre_usinage_id,
        date_debut,
        count(*) filter (where est_ouvert)::integer as jours_ouverts,
        sum(total_pieces)::numeric / nullif(count(*) filter (where est_ouvert), 0) as pieces_par_jour
    from journees
    group by centre_usinage_id, date_debut

),

medianes as (

    select
        a_calculer.id,
        count(*)::integer as comparables,
        -- With two in the middle, half-way between them; `percentile_cont` would compute in floating point.
        (
            percentile_disc(0.5) within group (order by rythmes.pieces_par_jour)
            + percentile_disc(0.5) within group (order by rythmes.pieces_par_jour desc)
        ) / 2 as pieces_par_jour
    from a_calculer
    inner join rythmes
        on a_calculer.centre_usinage_id = rythmes.centre_usinage_id
        and a_calculer.date_debut > rythmes.date_debut
        and a_calculer.date_debut - 7 * {{ var('comparaison_semaines') | int }} <= rythmes.date_debut
    where rythmes.pieces_par_jour > 0
    group by a_calculer.id
    having count(*) >= {{ var('comparaison_minimum') | int }}

)

select
    a_calculer.id,
    coalesce(rythmes.jours_ouverts, 0) as jours_ouverts,
    round(rythmes.pieces_par_jour, 2)::numeric(18, 2) as pieces_par_jour_ouvert,
    case when rythmes.pieces_par_jour is not null then medianes.comparables end as comparables,
    round(medianes.pieces_par_jour * nullif(rythmes.jours_ouverts, 0), 2)::numeric(18, 2) as pieces_habituelles,
    round(
        100 * (rythmes.pieces_par_jour - medianes.pieces_par_jour) / medianes.pieces_par_jour, 2
    )::numeric(18, 2) as ecart_habituel
from a_calculer
left join rythmes
    on a_calculer.centre_usinage_id = rythmes.centre_usinage_id
    and a_calculer.date_debut = rythmes.date_debut
left join medianes on a_calculer.id = medianes.id
