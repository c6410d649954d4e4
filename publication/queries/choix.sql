-- What can be chosen: the last production days that had a session or should have had one, their weeks, and the periods that end
-- with the last of these days. Days in the future come from a wrong clock and do not count.

with sessions as (

    select distinct date_production as jour
    from marts.session_production
    where date_production <= current_date + 1
    order by date_production desc
    limit %(nombre_jours)s

),

jours as (

    select jour
    from (
        select jour from sessions
        union
        select date_production as jour
        from marts.calendrier
        where
            ouvert
            and date_production > (select min(sessions.jour) from sessions)
            and date_production < (select max(sessions.jour) from sessions)
        group by site, date_production
    ) as tous
    order by jour desc
    limit %(nombre_jours)s

),

numerotes as (

    select
        jour,
        row_number() over (order by jour desc) as rang
    from jours

),

-- A period longer than the page is the whole of it.
periodes as (

    select
        debuts.rang as nombre,
        min(debuts.jour) as du,
        max(fins.jour) as au
    from unnest(%(longueurs)s::integer[]) as longueurs (longueur)
    inner join numerotes as debuts on debuts.rang = least(longueurs.longueur, (select max(numerotes.rang) from numerotes))
    inner join numerotes as fins on fins.rang = 1
    group by debuts.rang

),

journees as (

    select
        date_production,
        bool_or(terminee) as terminee
    from marts.production_journaliere
    where date_production >= (select min(jours.jour) from jours)
    group by site, date_production

),

semaines as (

    select
        date_debut,
        bool_or(terminee) as terminee
    from marts.production_hebdomadaire
    where date_debut > (select min(jours.jour) - 7 from jours)
    group by site, date_debut

)

select
    'jour' as genre,
    jours.jour::text as choix,
    jours.jour as du,
    jours.jour as au,
    1 as nombre,
    null as numero,
    coalesce(bool_or(journees.terminee), true) as terminee
from jours
left join journees on jours.jour = journees.date_production
group by jours.jour
union all
select
    'semaine' as genre,
    'S' || lundis.du as choix,
    lundis.du,
    lundis.du + 6 as au,
    7 as nombre,
    extract(week from lundis.du)::integer as numero,
    coalesce(bool_or(semaines.terminee), true) as terminee
from (select distinct date_trunc('week', jour)::date as du from jours) as lundis
left join semaines on lundis.du = semaines.date_debut
group by lundis.du
union all
select
    'periode' as genre,
    'P' || nombre as choix,
    du,
    au,
    nombre,
    null as numero,
    null as terminee
from periodes
order by genre asc, du desc
