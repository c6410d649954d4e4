-- The long stops and waits of the recent sessions. One row per session, kind and start.

with sessions as (

    select * from {{ ref('int_sessions_surveillees') }}

),

tous_arrets as (

    select * from {{ ref('periode_arret') }}

),

toutes_attentes as (

    select * from {{ ref('periode_attente') }}

),

longues as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        'arret_long' as type,
        {{ var('alertes_arret_minutes') }}::numeric as seuil,
        periodes.timestamp_debut,
        periodes.timestamp_fin
    from sessions
    inner join lateral (
        select * from tous_arrets
        where tous_arrets.session_id = sessions.id
        limit all
    ) as periodes on true
    where periodes.duree_secondes > 60 * {{ var('alertes_arret_minutes') }}
    union all
    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        'attente_longue' as type,
        {{ var('alertes_attente_minutes') }}::numeric as seuil,
        periodes.timestamp_debut,
        periodes.timestamp_fin
    from sessions
    inner join lateral (
        select * from toutes_attentes
        where toutes_attentes.session_id = sessions.id
        limit all
    ) as periodes on true
    where periodes.duree_secondes > 60 * {{ var('alertes_attente_minutes') }}

)

select distinct on (dossier, date_production, type, timestamp_debut) *
from longues
-- If several begin at the same time, the longest.
order by dossier asc, date_production asc, type asc, timestamp_debut asc, timestamp_fin desc
