-- Planned time without a piece, in each day, week and period. The queries of periods and losses are given its rows.

with choisis as (

    select min(jour) as premier
    from unnest(%(jours)s::date[]) as jours (jour)

),

derniers_jours as (

    select max(date_production) as termine
    from marts.production_journaliere
    where terminee and date_production = any(%(jours)s::date[])
    group by site

),

-- Planned time before the first piece or after the last one; of a day without a session, all of it.
jours as (

    select
        calendrier.centre,
        calendrier.date_production,
        case when journees.id is null then calendrier.temps_prevu else journees.temps_sans_piece_en_horaire end as heures
    from marts.calendrier as calendrier
    left join marts.production_journaliere as journees
        on calendrier.site = journees.site
        and calendrier.centre_usinage_id = journees.centre_usinage_id
        and calendrier.date_production = journees.date_production
    where
        calendrier.date_production >= (select choisis.premier from choisis)
        and calendrier.date_production <= (select max(derniers_jours.termine) from derniers_jours)

)

select
    jours.centre,
    choix.choix,
    sum(jours.heures) as heures
from jours
inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
    on jours.date_production between choix.du and choix.au
where choix.choix not like 'S%%'
group by jours.centre, choix.choix
union all
select
    centre,
    'S' || date_debut as choix,
    temps_sans_piece_en_horaire as heures
from marts.production_hebdomadaire
where date_debut between %(premier_jour)s and %(dernier_jour)s
