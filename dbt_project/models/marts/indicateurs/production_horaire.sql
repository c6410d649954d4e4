-- What each session did hour by hour of the clock: pieces, and seconds of each state. One row per session and hour that has a piece
-- or a part of the window.

{{ config(
    unique_key='id',
    meta={'perimetre': {
        'lus': ['session_production', 'piece_production', 'chronologie'],
        'condition': 'cible.session_id = perimetre.cle::uuid',
    }},
) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

chronologie as (

    select * from {{ ref('chronologie') }}

),

pieces as (

    select
        session_id,
        date_trunc('hour', timestamp_production) as heure,
        count(*) as pieces
    from {{ ref('piece_production') }}
    group by session_id, date_trunc('hour', timestamp_production)

),

-- A segment ends just before its end: one that ends on the hour has no part in the next.
parts as (

    select
        chronologie.session_id,
        heures.heure,
        chronologie.etat,
        extract(
            epoch from least(chronologie.timestamp_fin, heures.heure + interval '1 hour')
            - greatest(chronologie.timestamp_debut, heures.heure)
        )::numeric as secondes
    from chronologie
    cross join lateral generate_series(
        date_trunc('hour', chronologie.timestamp_debut), chronologie.timestamp_fin - interval '1 microsecond', interval '1 hour'
    ) as heures (heure)

),

faits as (

    select
        session_id,
        heure,
        pieces,
        null as etat,
        null::numeric as secondes
    from pieces
    union all
    select
        session_id,
        heure,
        null as pieces,
        etat,
        secondes
    from parts

),

toutes_heures as (

    select
        session_id,
        heure,
        coalesce(sum(pieces), 0)::integer as pieces,
        coalesce(sum(secondes) filter (where etat = 'production'), 0) as secondes_production,
        coalesce(sum(secondes) filter (where etat = 'attente'), 0) as secondes_attente,
        coalesce(sum(secondes) filter (where etat = 'arret'), 0) as secondes_arret
    from faits
    group by session_id, heure

),

heures as (

    select
        {{ cle(['heures.session_id', 'heures.heure']) }} as id,
        heures.session_id,
        sessions.centre_usinage_id,
        sessions.date_production,
        heures.heure,
        extract(hour from heures.heure)::integer as heure_du_jour,
        heures.pieces,
        heures.secondes_production,
        heures.secondes_attente,
        heures.secondes_arret
    {{ des_sessions_du_perimetre('toutes_heures', 'heures') }}
    inner join sessions on heures.session_id = sessions.id

)

select * from heures
