-- The days and ISO weeks to recompute: those of the sessions on the worklist, and those that are compared with them. One row per
-- period and session of it.

{{ config(materialized='incremental', post_hook='analyze {{ this }}') }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

dernier_chargement as (

    select * from {{ ref('int_dernier_chargement') }}

),

-- A session's day and week. The cast is needed: of a date, `date_trunc` makes a moment in the time zone of the connection.
sessions_periodes as (

    select
        periodes.periode,
        sessions.centre_usinage_id,
        periodes.date_debut,
        sessions.id as session_id
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
    inner join lateral (
        values
        ('jour', a_construire.date_production),
        ('semaine', date_trunc('week', a_construire.date_production::timestamp)::date)
    ) as periodes (periode, date_debut) on true

),

periodes as (

    select
        periode,
        centre_usinage_id,
        date_debut,
        bool_or(est_touchee) as est_touchee
    from (
        select
            periode,
            centre_usinage_id,
            date_debut,
            false as est_touchee
        from sessions_periodes
        union all
        select
            periode,
            centre_usinage_id,
            date_debut,
            true as est_touchee
        from touchees
    ) as faits
    group by periode, centre_usinage_id, date_debut

),

precedees as (

    select
        *,
        max(date_debut) filter (where est_touchee) over (
            partition by periode, centre_usinage_id order by date_debut
        ) as derniere_touchee
    from periodes

)

select
    periodes.periode,
    -- With the kind of period: a day and the week that begins on it need two keys.
    {{ cle(['periodes.centre_usinage_id', 'periodes.date_debut', 'periodes.periode']) }} as id,
    periodes.centre_usinage_id,
    centres.dossier,
    centres.nom as centre,
    periodes.date_debut,
    coalesce(
        periodes.date_debut + case periodes.periode when 'jour' then 1 else 7 end + interval '{{ var("debut_journee") }}'
        <= dernier_chargement.commence_le, false
    ) as terminee,
    sessions_periodes.session_id
from precedees as periodes
cross join dernier_chargement
left join centres on periodes.centre_usinage_id = centres.id
left join sessions_periodes
    on periodes.periode = sessions_periodes.periode
    and periodes.centre_usinage_id = sessions_periodes.centre_usinage_id
    and periodes.date_debut = sessions_periodes.date_debut
where periodes.date_debut - 7 * {{ var('comparaison_semaines') | int }} <= periodes.derniere_touchee
