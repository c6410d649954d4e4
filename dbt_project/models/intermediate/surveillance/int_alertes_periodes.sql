-- The alerts of long stops and waits. One row per session, kind and start.

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
        'arrêt volontaire' as nom,
        periodes.timestamp_debut,
        periodes.duree_secondes,
        {{ var('alertes_arret_minutes') }}::numeric as seuil
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
        'attente' as nom,
        periodes.timestamp_debut,
        periodes.duree_secondes,
        {{ var('alertes_attente_minutes') }}::numeric as seuil
    from sessions
    inner join lateral (
        select * from toutes_attentes
        where toutes_attentes.session_id = sessions.id
        limit all
    ) as periodes on true
    where periodes.duree_secondes > 60 * {{ var('alertes_attente_minutes') }}

),

-- If several begin at the same time, the longest.
distinctes as (

    select distinct on (dossier, date_production, type, timestamp_debut) *
    from longues
    order by dossier asc, date_production asc, type asc, timestamp_debut asc, duree_secondes desc

),

alertes as (

    select
        type,
        'avertissement' as gravite,
        dossier || '/' || to_char(timestamp_debut, 'YYYY-MM-DD HH24:MI:SS') || '/' || date_production as cle,
        centre,
        dossier,
        date_production,
        centre || ', ' || {{ date_en_francais('timestamp_debut') }} || ' : ' || nom || ' de '
        || {{ nombre_en_francais('duree_secondes / 60') }} || ' minutes à partir de ' || {{ heure_en_francais('timestamp_debut') }}
        || ' (seuil : ' || {{ nombre_en_francais('seuil') }} || ' min).' as message,
        round(duree_secondes / 60, 2) as valeur,
        seuil,
        timestamp_debut as survenue_le
    from distinctes

)

select * from alertes
