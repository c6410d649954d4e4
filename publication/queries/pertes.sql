-- Where time was lost in each day, week and period: waits and stops by length, planned time without a piece, and apart from
-- them what falls into a declared break or outside the shifts. Parts are of the others.

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

-- Where shifts are declared for a day, what is outside all of them is no loss of planned time.
situees as (

    select
        pertes.*,
        pertes.poste is null and coalesce(calendrier.temps_prevu, 0) > 0 as hors_poste
    from marts.pertes as pertes
    left join marts.calendrier as calendrier
        on pertes.centre = calendrier.centre and pertes.date_production = calendrier.date_production
    where pertes.date_production between %(premier_jour)s and %(dernier_jour)s

),

nommees as (

    select
        centre,
        date_production,
        nombre,
        minutes,
        case when en_pause then 'pause' when hors_poste then 'hors_poste' else etat end as etat,
        case
            when en_pause then 'Pauses déclarées'
            when hors_poste then 'Hors des postes'
            when etat = 'attente'
                then 'Attentes ' || case classe when 'micro' then 'courtes' when 'moyenne' then 'moyennes' else 'longues' end
            else 'Arrêts ' || case classe when 'micro' then 'courts' when 'moyenne' then 'moyens' else 'longs' end
        end as perte
    from situees

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

),

rangees as (

    select
        *,
        etat in ('pause', 'hors_poste') as a_part
    from sommes

)

select
    centre,
    choix,
    perte,
    etat,
    nombre,
    round(minutes, 4) as minutes,
    case
        when not a_part
            then round(100 * minutes / sum(minutes) filter (where not a_part) over (partition by centre, choix), 1)
    end as part,
    case
        when not a_part
            then
                round(
                    100 * sum(minutes) filter (where not a_part) over (
                        partition by centre, choix order by a_part asc, minutes desc, perte asc
                    ) / sum(minutes) filter (where not a_part) over (partition by centre, choix),
                    1
                )
    end as part_cumulee
from rangees
order by centre asc, choix asc, a_part asc, rangees.minutes desc, perte asc
