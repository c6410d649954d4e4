-- The ten longest stops of each day, week and period, without what falls into declared breaks.

with arrets as (

    select
        sessions.centre,
        sessions.date_production,
        periodes.timestamp_debut,
        periodes.timestamp_fin,
        periodes.poste,
        periodes.duree_secondes,
        periodes.secondes_hors_pause
    from marts.periode_arret as periodes
    inner join marts.session_production as sessions on periodes.session_id = sessions.id
    where periodes.secondes_hors_pause > 0 and sessions.date_production between %(premier_jour)s and %(dernier_jour)s

),

avec_rang as (

    select
        arrets.*,
        choix.choix,
        row_number() over (
            partition by arrets.centre, choix.choix order by arrets.secondes_hors_pause desc, arrets.timestamp_debut asc
        ) as rang
    from arrets
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on arrets.date_production between choix.du and choix.au

)

select
    centre,
    choix,
    rang,
    date_production as jour,
    timestamp_debut,
    timestamp_fin,
    poste,
    round(duree_secondes / 60, 4) as minutes_arret_entier,
    round(secondes_hors_pause / 60, 4) as minutes_hors_pause
from avec_rang
where rang <= 10
order by centre, choix, rang
