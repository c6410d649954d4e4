-- Where time was lost in each day, week and period: waits and stops by length, planned time without a piece, and apart from
-- them what falls into a declared break. Parts are of what was lost outside breaks.

with derniers_jours as (

    select max(date_production) as termine
    from marts.production_journaliere
    where terminee and date_production between %(premier_jour)s and %(dernier_jour)s

),

-- Planned time before the first piece or after the last one; of a day without a session, all of it.
jours_sans_piece as (

    select
        calendrier.centre,
        calendrier.date_production,
        coalesce(
            journees.temps_sans_piece_en_horaire, case when journees.id is null then calendrier.temps_prevu end
        ) as heures
    from marts.calendrier as calendrier
    inner join derniers_jours on calendrier.date_production <= derniers_jours.termine
    left join marts.production_journaliere as journees
        on calendrier.centre_usinage_id = journees.centre_usinage_id
        and calendrier.date_production = journees.date_production
    where calendrier.date_production between %(premier_jour)s and %(dernier_jour)s

),

sans_piece as (

    select
        jours_sans_piece.centre,
        choix.choix,
        sum(jours_sans_piece.heures) as heures
    from jours_sans_piece
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on jours_sans_piece.date_production between choix.du and choix.au
    where choix.choix not like 'S%%'
    group by jours_sans_piece.centre, choix.choix
    union all
    select
        centre,
        'S' || date_debut as choix,
        temps_sans_piece_en_horaire as heures
    from marts.production_hebdomadaire
    where date_debut between %(premier_jour)s and %(dernier_jour)s

),

nommees as (

    select
        centre,
        date_production,
        nombre,
        minutes,
        case when en_pause then 'pause' else etat end as etat,
        case
            when en_pause then 'Pauses déclarées'
            when etat = 'attente'
                then 'Attentes ' || case classe when 'micro' then 'courtes' when 'moyenne' then 'moyennes' else 'longues' end
            else 'Arrêts ' || case classe when 'micro' then 'courts' when 'moyenne' then 'moyens' else 'longs' end
        end as perte
    from marts.pertes
    where date_production between %(premier_jour)s and %(dernier_jour)s

),

sommes as (

    select
        nommees.centre,
        choix.choix,
        nommees.perte,
        nommees.etat,
        sum(nommees.nombre) as nombre,
        sum(nommees.minutes) as minutes
    from nommees
    inner join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)
        on nommees.date_production between choix.du and choix.au
    group by nommees.centre, choix.choix, nommees.perte, nommees.etat
    union all
    select
        centre,
        choix,
        'Temps sans pièce' as perte,
        'sans_piece' as etat,
        null as nombre,
        60 * heures as minutes
    from sans_piece
    where heures > 0

)

select
    centre,
    choix,
    perte,
    etat,
    nombre,
    round(minutes, 1) as minutes,
    case
        when etat != 'pause'
            then round(100 * minutes / sum(minutes) filter (where etat != 'pause') over (partition by centre, choix), 1)
    end as part,
    case
        when etat != 'pause'
            then
                round(
                    100 * sum(minutes) filter (where etat != 'pause') over (
                        partition by centre, choix order by etat = 'pause' asc, minutes desc, perte asc
                    ) / sum(minutes) filter (where etat != 'pause') over (partition by centre, choix),
                    1
                )
    end as part_cumulee
from sommes
order by centre asc, choix asc, etat = 'pause' asc, sommes.minutes desc, perte asc
