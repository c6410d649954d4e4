-- The shifts and profiles that lost the most time outside breaks, of each day, week and period.

with sommes as (

    select
        pertes.centre,
        choix.choix,
        pertes.poste,
        left(pertes.reference, 100) as reference,
        sum(pertes.minutes) as minutes,
        coalesce(sum(pertes.minutes) filter (where pertes.etat = 'attente'), 0) as minutes_attente,
        coalesce(sum(pertes.minutes) filter (where pertes.etat = 'arret'), 0) as minutes_arret
    from marts.pertes as pertes
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on pertes.date_production between choix.du and choix.au
    where not pertes.en_pause and pertes.date_production between %(premier_jour)s and %(dernier_jour)s
    group by pertes.centre, choix.choix, pertes.poste, left(pertes.reference, 100)

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
