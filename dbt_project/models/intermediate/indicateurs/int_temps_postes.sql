-- What each session did in each shift, also in one of the day before. One row per session and shift that has a piece or a part of
-- the window, and one without a shift for the rest of a session whose day is declared.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

toutes_plages as (

    select * from {{ ref('int_plages') }}

),

tous_segments as (

    select * from {{ ref('chronologie') }}

),

toutes_pieces as (

    select * from {{ ref('piece_production') }}

),

plages as materialized (

    select plages.*
    from sessions
    inner join toutes_plages as plages
        on sessions.id = plages.session_id
        and (sessions.postes is not null or plages.poste is not null)

),

parts as (

    select
        plages.session_id,
        plages.debut_poste,
        plages.date_poste,
        plages.poste,
        plages.nature,
        segments.etat,
        greatest(plages.debut, segments.timestamp_debut) as debut,
        least(plages.fin, segments.timestamp_fin) as fin
    from plages
    inner join tous_segments as segments
        on plages.session_id = segments.session_id
        and plages.debut < segments.timestamp_fin
        and plages.fin > segments.timestamp_debut

),

faits as (

    select
        session_id,
        debut_poste,
        date_poste,
        poste,
        nature,
        etat,
        null::integer as pieces,
        {{ secondes_vecues('debut', 'fin') }} as secondes,
        extract(epoch from fin - debut)::numeric as secondes_horloge
    from parts
    union all
    select
        plages.session_id,
        plages.debut_poste,
        plages.date_poste,
        plages.poste,
        plages.nature,
        null as etat,
        1 as pieces,
        null as secondes,
        null as secondes_horloge
    from plages
    inner join toutes_pieces as pieces
        on plages.session_id = pieces.session_id
        and plages.debut <= pieces.timestamp_production
        and plages.fin > pieces.timestamp_production

),

temps as (

    select
        session_id,
        debut_poste,
        date_poste,
        poste,
        count(pieces)::integer as pieces,
        count(pieces) filter (where nature = 'poste')::integer as pieces_en_horaire,
        coalesce(sum(secondes) filter (where etat = 'production' and nature != 'pause'), 0) as secondes_production,
        coalesce(sum(secondes) filter (where etat = 'attente' and nature != 'pause'), 0) as secondes_attente,
        coalesce(sum(secondes) filter (where etat = 'arret' and nature != 'pause'), 0) as secondes_arret,
        coalesce(sum(secondes_horloge) filter (where etat = 'arret' and nature = 'pause'), 0) as secondes_arret_en_pause
    from faits
    group by session_id, debut_poste, date_poste, poste

)

select * from temps
