-- What each session did from its first piece to its last: production, waits, stops, without a gap or an overlap. One row per
-- segment.

{{ config(
    unique_key='id',
    meta={'perimetre': {
        'lus': ['session_production', 'periode_attente', 'periode_arret'],
        'condition': 'cible.session_id = perimetre.cle::uuid',
    }},
) }}

-- A window of zero length has no segment. Without a piece, its two ends are NULL, which would make it endless.
with sessions as (

    select
        id as session_id,
        tsmultirange(tsrange(heure_premiere_piece, heure_derniere_piece)) as fenetre
    from {{ ref('session_production') }}
    where heure_premiere_piece < heure_derniere_piece

),

attentes as (

    select
        session_id,
        range_agg(tsrange(timestamp_debut, timestamp_fin)) as periodes
    from {{ ref('periode_attente') }}
    group by session_id

),

arrets as (

    select
        session_id,
        range_agg(tsrange(timestamp_debut, timestamp_fin)) as periodes
    from {{ ref('periode_arret') }}
    group by session_id

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

-- Stops take precedence over waits.
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

tous_segments as (

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
        {{ cle_rang('segments.session_id', 'segments.numero_segment') }} as id,
        segments.session_id,
        segments.numero_segment,
        segments.etat,
        segments.timestamp_debut,
        segments.timestamp_fin,
        segments.duree_secondes
    {{ des_sessions_du_perimetre('tous_segments', 'segments') }}

)

select * from segments
