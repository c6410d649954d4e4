-- The alerts of centres that were silent on a working day while others worked. One row per centre and day.

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

    select * from {{ ref('int_sessions_surveillees') }}

),

toutes_attentes as (

    select * from {{ ref('periode_attente') }}

),

-- A session's first and last sign of life: a piece, a start, a stop or a wait.
signes as (

    select
        sessions.centre_usinage_id,
        sessions.date_production,
        least(sessions.heure_premiere_piece, sessions.heure_premier_machine_start, attentes.debut) as premier,
        greatest(sessions.heure_derniere_piece, sessions.heure_dernier_machine_stop, attentes.fin) as dernier
    from sessions
    inner join lateral (
        select
            min(toutes_attentes.timestamp_debut) as debut,
            max(toutes_attentes.timestamp_fin) as fin
        from toutes_attentes
        where toutes_attentes.session_id = sessions.id
    ) as attentes on true
    where {{ est_ouvre('sessions.date_production') }}

),

-- A centre is silent only after its first session.
debuts as (

    select
        toutes_sessions.centre_usinage_id,
        min(toutes_sessions.date_production) as date_production
    from toutes_sessions
    inner join horloge on toutes_sessions.date_production >= horloge.premiere_date
    group by toutes_sessions.centre_usinage_id

),

jours as (

    select
        centres.nom as centre,
        centres.dossier,
        autres.date_production,
        greatest(min(autres.premier), max(siens.dernier)) as depuis,
        max(autres.dernier) as jusqu_a
    from centres
    inner join debuts on centres.id = debuts.centre_usinage_id
    inner join signes as autres
        on centres.id != autres.centre_usinage_id and debuts.date_production < autres.date_production
    left join signes as siens on centres.id = siens.centre_usinage_id and autres.date_production = siens.date_production
    group by centres.nom, centres.dossier, autres.date_production

),

silences as (

    select
        centre,
        dossier,
        date_production,
        depuis,
        extract(epoch from jusqu_a - depuis) / 3600 as heures
    from jours

),

alertes as (

    select
        'silence' as type,
        'critique' as gravite,
        dossier || '/' || date_production as cle,
        centre,
        dossier,
        date_production,
        centre || ', ' || {{ date_en_francais('date_production') }}
        || ' : aucun événement à partir de ' || {{ heure_en_francais('depuis') }}
        || ', pendant ' || {{ nombre_en_francais('heures', 1) }} || ' heures où d''autres centres travaillaient (seuil : '
        || {{ nombre_en_francais(var('alertes_silence_heures')) }}
        || ' h). La machine est arrêtée, ou ses fichiers n''arrivent plus.' as message,
        round(heures, 2) as valeur,
        {{ var('alertes_silence_heures') }}::numeric as seuil,
        depuis as survenue_le
    from silences
    where heures > {{ var('alertes_silence_heures') }}

)

select * from alertes
