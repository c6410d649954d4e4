-- Each session from its first piece to its last, as segments of production, wait or stop, without gaps or overlaps. One row per
-- segment.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
) }}

with toutes_sessions as (

    select * from {{ ref('session_production') }}

),

toutes_attentes as (

    select * from {{ ref('periode_attente') }}

),

tous_arrets as (

    select * from {{ ref('periode_arret') }}

),

a_construire as (

    select session_id
    from {{ ref('int_sessions_a_construire') }}

),

-- A session without pieces is left out: its two ends are NULL, and the range would be infinite. So is a window of zero length.
sessions as (

    select
        sessions.id as session_id,
        tsmultirange(tsrange(sessions.heure_premiere_piece, sessions.heure_derniere_piece)) as fenetre
    from a_construire
    inner join toutes_sessions as sessions on a_construire.session_id = sessions.id
    where sessions.heure_premiere_piece < sessions.heure_derniere_piece

),

attentes as (

    select
        attentes.session_id,
        range_agg(tsrange(attentes.timestamp_debut, attentes.timestamp_fin)) as periodes
    from a_construire
    inner join toutes_attentes as attentes on a_construire.session_id = attentes.session_id
    group by attentes.session_id

),

arrets as (

    select
        arrets.session_id,
        range_agg(tsrange(arrets.timestamp_debut, arrets.timestamp_fin)) as periodes
    from a_construire
    inner join tous_arrets as arrets on a_construire.session_id = arrets.session_id
    group by arrets.session_id

),

fenetres as (

    select
        sessions.session_id,
        sessions.fenetre,
        coalesce(attentes.periodes, '{}') as attentes,
        coalesce(arrets.periodes, '{}') as arrets
    from sessions
    left join attentes on sessions.session_id = attentes.session_id
    left join arrets on sessions.session_id = arrets.session_id

),

-- Where a stop and a wait overlap, the stop counts.
periodes as (

    select
        fenetres.session_id,
        etats.etat,
        unnest(etats.periodes) as periode
    from fenetres
    cross join lateral (
        values
        ('arret', fenetres.fenetre * fenetres.arrets),
        ('attente', fenetres.fenetre * fenetres.attentes - fenetres.arrets),
        ('production', fenetres.fenetre - fenetres.arrets - fenetres.attentes)
    ) as etats (etat, periodes)

),

numerotes as (

    select
        session_id,
        row_number() over (partition by session_id order by periode)::integer as numero_segment,
        etat,
        lower(periode) as timestamp_debut,
        upper(periode) as timestamp_fin,
        extract(epoch from upper(periode) - lower(periode))::numeric as duree_secondes
    from periodes

),

segments as (

    select
        {{ cle_rang('session_id', 'numero_segment') }} as id,
        *
    from numerotes

)

select * from segments
