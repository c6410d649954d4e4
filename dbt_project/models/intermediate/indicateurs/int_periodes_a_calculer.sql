-- The days and ISO weeks to recompute: those of the sessions on the worklist, and those that are compared with them. One row per
-- period and session: a session of the period (`propre`), or of the period that it is compared with.

{{ config(materialized='incremental', post_hook='analyze {{ this }}') }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

-- A session's day and week. The cast is needed: of a date, `date_trunc` makes a moment in the time zone of the connection.
sessions_periodes as (

    select
        periodes.periode,
        sessions.centre_usinage_id,
        periodes.date_debut,
        sessions.id as session_id,
        sessions.total_pieces
    from sessions
    cross join lateral (
        values
        ('jour', sessions.date_production),
        ('semaine', date_trunc('week', sessions.date_production::timestamp)::date)
    ) as periodes (periode, date_debut)

),

-- The periods of the sessions on the worklist, also those whose last session is gone.
touchees as (

    select distinct
        periodes.periode,
        a_construire.centre_usinage_id,
        periodes.date_debut
    from a_construire
    cross join lateral (
        values
        ('jour', a_construire.date_production),
        ('semaine', date_trunc('week', a_construire.date_production::timestamp)::date)
    ) as periodes (periode, date_debut)

),

periodes as (

    select
        periode,
        centre_usinage_id,
        date_debut,
        coalesce(sum(total_pieces), 0) as pieces,
        bool_or(est_touchee) as est_touchee
    from (
        select
            periode,
            centre_usinage_id,
            date_debut,
            total_pieces,
            false as est_touchee
        from sessions_periodes
        union all
        select
            periode,
            centre_usinage_id,
            date_debut,
            null as total_pieces,
            true as est_touchee
        from touchees
    ) as faits
    group by periode, centre_usinage_id, date_debut

),

-- A period is compared with the last one before it that has pieces.
precedees as (

    select
        *,
        max(date_debut) filter (where pieces > 0) over avant as date_precedente,
        max(date_debut) filter (where est_touchee) over avant as derniere_touchee
    from periodes
    window avant as (
        partition by periode, centre_usinage_id order by date_debut rows between unbounded preceding and 1 preceding
    )

),

a_calculer as (

    select
        periode,
        -- With the kind of period: a day and the week that begins on it need two keys.
        {{ cle(['centre_usinage_id', 'date_debut', 'periode']) }} as id,
        centre_usinage_id,
        date_debut,
        date_precedente
    from precedees
    where est_touchee or derniere_touchee >= coalesce(date_precedente, '-infinity')

),

periodes_et_sessions as (

    select
        a_calculer.periode,
        a_calculer.id,
        a_calculer.centre_usinage_id,
        a_calculer.date_debut,
        a_calculer.date_precedente,
        sessions_periodes.session_id,
        true as propre
    from a_calculer
    left join sessions_periodes
        on a_calculer.periode = sessions_periodes.periode
        and a_calculer.centre_usinage_id = sessions_periodes.centre_usinage_id
        and a_calculer.date_debut = sessions_periodes.date_debut
    union all
    select
        a_calculer.periode,
        a_calculer.id,
        a_calculer.centre_usinage_id,
        a_calculer.date_debut,
        a_calculer.date_precedente,
        sessions_periodes.session_id,
        false as propre
    from a_calculer
    inner join sessions_periodes
        on a_calculer.periode = sessions_periodes.periode
        and a_calculer.centre_usinage_id = sessions_periodes.centre_usinage_id
        and a_calculer.date_precedente = sessions_periodes.date_debut

)

select * from periodes_et_sessions
