-- The shifts and profiles that lost the most time outside breaks, of each day, week and period.

with par_jour as (

    select
        centre,
        date_production,
        poste,
        left(reference, 100) as reference,
        sum(minutes) as minutes,
        sum(minutes) filter (where etat = 'attente') as minutes_attente,
        sum(minutes) filter (where etat = 'arret') as minutes_arret
    from marts.pertes
    where not en_pause and date_production between %(premier_jour)s and %(dernier_jour)s
    group by site, centre, date_production, poste, left(reference, 100)

),

sommes as (

    select
        par_jour.centre,
        choix.choix,
        par_jour.poste,
        par_jour.reference,
        sum(par_jour.minutes) as minutes,
        coalesce(sum(par_jour.minutes_attente), 0) as minutes_attente,
        coalesce(sum(par_jour.minutes_arret), 0) as minutes_arret
    from par_jour
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on par_jour.date_production between choix.du and choix.au
    group by par_jour.centre, choix.choix, par_jour.poste, par_jour.reference

),

rangees as (

    select
        *,
        row_number() over (partition by centre, choix order by minutes desc, poste asc, reference asc) as rang
    from sommes

)

select
    centre,
    choix,
    poste,
    reference,
    round(minutes_attente, 4) as minutes_attente,
    round(minutes_arret, 4) as minutes_arret,
    round(minutes, 4) as minutes
from rangees
where rang <= 10
order by centre, choix, rang
