-- The pieces of each session and the seconds of each state, by hour of the clock. One row per session and hour that has a piece or
-- a part of the window.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
) }}

with tous_segments as (

    select * from {{ ref('chronologie') }}

),

toutes_pieces as (

    select * from {{ ref('piece_production') }}

),

toutes_plages as (

    select * from {{ ref('int_plages') }}
    where poste is not null

),

a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

segments as (

    select chronologie.*
    from a_construire
    inner join tous_segments as chronologie on a_construire.session_id = chronologie.session_id

),

pieces as (

    select
        pieces.session_id,
        date_trunc('hour', pieces.timestamp_production) as heure,
        count(*) as pieces
    from a_construire
    inner join toutes_pieces as pieces on a_construire.session_id = pieces.session_id
    group by pieces.session_id, date_trunc('hour', pieces.timestamp_production)

),

-- A segment does not include its end: one that ends on the hour has no part in the next hour.
parts as (

    select
        segments.session_id,
        heures.heure,
        segments.etat,
        extract(
            epoch from least(segments.timestamp_fin, heures.heure + interval '1 hour')
            - greatest(segments.timestamp_debut, heures.heure)
        )::numeric as secondes
    from segments
    cross join lateral generate_series(
        date_trunc('hour', segments.timestamp_debut), segments.timestamp_fin - interval '1 microsecond', interval '1 hour'
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

-- The first shift that overlaps the hour.
postes as (

    select distinct on (heures.session_id, heures.heure)
        heures.session_id,
        heures.heure,
        plages.poste
    from toutes_heures as heures
    inner join toutes_plages as plages
        on heures.session_id = plages.session_id
        and heures.heure + interval '1 hour' > plages.debut
        and heures.heure < plages.fin
    order by heures.session_id, heures.heure, plages.debut

),

heures as (

    select
        {{ cle(['heures.session_id', 'heures.heure']) }} as id,
        heures.session_id,
        a_construire.centre_usinage_id,
        a_construire.date_production,
        heures.heure,
        extract(hour from heures.heure)::integer as heure_du_jour,
        heures.pieces,
        heures.secondes_production,
        heures.secondes_attente,
        heures.secondes_arret,
        a_construire.centre,
        postes.poste
    from toutes_heures as heures
    inner join a_construire on heures.session_id = a_construire.session_id
    left join postes on heures.session_id = postes.session_id and heures.heure = postes.heure

)

select * from heures
