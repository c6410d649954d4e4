-- The recent sessions of active centres, which may raise alerts. One row per session.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}
    where actif

),

toutes_sessions as (

    select * from {{ ref('session_production') }}

),

sessions as (

    select
        centres.nom as centre,
        centres.dossier,
        sessions.id,
        sessions.centre_usinage_id,
        sessions.date_production,
        sessions.total_pieces,
        sessions.taux_occupation,
        sessions.taux_attente,
        sessions.taux_arret_volontaire,
        sessions.taux_occupation_net
    from horloge
    cross join centres
    inner join lateral (
        select * from toutes_sessions
        where
            toutes_sessions.centre_usinage_id = centres.id
            and toutes_sessions.date_production between horloge.depuis and horloge.aujourd_hui
        limit all
    ) as sessions on true

)

select * from sessions
