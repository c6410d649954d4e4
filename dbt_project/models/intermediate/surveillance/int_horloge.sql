-- The current time and the dates that the alerts use. One row.

with sessions as (

    select * from {{ ref('session_production') }}

),

maintenant as (

    select {{ maintenant() }} as maintenant

),

bornes as (

    select
        maintenant,
        maintenant at time zone '{{ var("fuseau_horaire") }}' as maintenant_local,
        date '{{ var("alertes_premiere_date") }}' as premiere_date,
        -- A machine's clock may be some hours ahead. If it is days ahead, it is wrong.
        (maintenant at time zone '{{ var("fuseau_horaire") }}')::date + 1 as derniere_date
    from maintenant

),

horloge as (

    select
        bornes.maintenant,
        bornes.maintenant_local,
        bornes.premiere_date,
        bornes.derniere_date,
        max(sessions.date_production) as aujourd_hui,
        max(sessions.date_production) - {{ var('alertes_jours') | int }} as depuis
    from bornes
    left join sessions on sessions.date_production between bornes.premiere_date and bornes.derniere_date
    group by bornes.maintenant, bornes.maintenant_local, bornes.premiere_date, bornes.derniere_date

)

select * from horloge
