-- With what each finished day to recompute is compared: the median of the centre's comparable days of the weeks before. Days with
-- the same shifts are comparable: those of the same weekday if they are enough, else all. One row per day that has enough of them.

{{ config(materialized='ephemeral') }}

with periodes as (

    select * from {{ ref('int_periodes_a_calculer') }}
    where periode = 'jour' and terminee

),

sessions as not materialized (

    select * from {{ ref('session_production') }}

),

jours as materialized (

    select
        periodes.id,
        sessions.centre_usinage_id,
        sessions.date_production,
        sessions.postes,
        {{ est_ouvre('sessions.date_production') }} as est_ouvre
    from periodes
    inner join sessions on periodes.session_id = sessions.id

),

-- Where no shifts are declared, working days are compared with working days, other days with other days.
comparables as (

    select
        jours.id,
        precedentes.total_pieces,
        precedentes.taux_occupation_net,
        extract(isodow from precedentes.date_production) = extract(isodow from jours.date_production) as meme_jour,
        count(*) over (partition by jours.id) as nb,
        count(*) filter (
            where extract(isodow from precedentes.date_production) = extract(isodow from jours.date_production)
        ) over (partition by jours.id) as nb_meme_jour
    from jours
    -- Day by day, through the index on centres and dates.
    inner join lateral (
        select * from sessions
        where
            sessions.centre_usinage_id = jours.centre_usinage_id
            and sessions.date_production < jours.date_production
            and sessions.date_production >= jours.date_production - 7 * {{ var('comparaison_semaines') | int }}
        limit all
    ) as precedentes on jours.postes is not distinct from precedentes.postes
    where
        precedentes.total_pieces > 0
        and (jours.postes is not null or ({{ est_ouvre('precedentes.date_production') }}) = jours.est_ouvre)

),

choisies as (

    select
        id,
        total_pieces,
        taux_occupation_net
    from comparables
    where
        case
            when nb_meme_jour >= {{ var('comparaison_minimum') | int }} then meme_jour
            else nb >= {{ var('comparaison_minimum') | int }}
        end

),

medianes as (

    select
        id,
        count(*)::integer as comparables,
        (percentile_cont(0.5) within group (order by total_pieces))::numeric as pieces,
        (percentile_cont(0.5) within group (order by taux_occupation_net))::numeric as occupation,
        array_agg(total_pieces) as toutes_pieces,
        array_agg(taux_occupation_net) as tous_taux
    from choisies
    group by id

),

-- 1.4826 makes the median deviation comparable to a standard deviation, for the alerts.
dispersions as (

    select
        id,
        comparables,
        pieces,
        occupation,
        1.4826 * (
            select percentile_cont(0.5) within group (order by abs(valeurs.valeur - medianes.pieces))
            from unnest(medianes.toutes_pieces) as valeurs (valeur)
        )::numeric as ecart_pieces,
        1.4826 * (
            select percentile_cont(0.5) within group (order by abs(valeurs.valeur - medianes.occupation))
            from unnest(medianes.tous_taux) as valeurs (valeur)
        )::numeric as ecart_occupation
    from medianes

)

select
    id,
    comparables,
    pieces,
    round(ecart_pieces, 2)::numeric(18, 2) as dispersion_pieces,
    round(occupation, 2)::numeric(18, 2) as occupation_habituelle,
    round(ecart_occupation, 2)::numeric(18, 2) as dispersion_occupation
from dispersions
