-- What time it is for the alerts, by the data and not by the server's clock, so that a rebuild raises the same ones. One row.

with executions as (

    select * from {{ ref('stg_chargements__executions') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

maintenant as (

    select
        {% if var('maintenant') -%}
            '{{ var("maintenant") }}'::timestamptz as maintenant
        {%- else -%}
            max(coalesce(finie_le, commencee_le)) as maintenant
        {%- endif %}
    from executions

),

bornes as (

    select
        maintenant,
        maintenant at time zone '{{ var("fuseau_horaire") }}' as maintenant_local,
        date '{{ var("alertes_premiere_date") }}' as premiere_date,
        -- A machine's clock may be some hours ahead; one that is days ahead is wrong.
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
