-- Where time was lost in each day, week and period: waits and stops by length, planned time without a piece, and apart from
-- them what falls into a declared break or outside the shifts. Parts are of the others.

with jours as (

    select
        site,
        centre,
        date_production
    from marts.calendrier
    where temps_prevu > 0 and date_production between %(premier_jour)s and %(dernier_jour)s

),

-- Where shifts are declared for a day, what is outside all of them is no loss of planned time.
situees as (

    select
        pertes.site,
        pertes.centre,
        pertes.date_production,
        case
            when pertes.en_pause then 'pause'
            when pertes.poste is null and jours.date_production is not null then 'hors_poste'
            else pertes.etat
        end as etat,
        pertes.classe,
        pertes.nombre,
        pertes.minutes
    from marts.pertes as pertes
    left join jours
        on pertes.site = jours.site
        and pertes.centre = jours.centre
        and pertes.date_production = jours.date_production
    where pertes.date_production between %(premier_jour)s and %(dernier_jour)s

),

par_jour as (

    select
        centre,
        date_production,
        etat,
        case when etat in ('attente', 'arret') then classe end as classe,
        sum(nombre) as nombre,
        sum(minutes) as minutes
    from situees
    group by site, centre, date_production, etat, case when etat in ('attente', 'arret') then classe end

),

nommees as (

    select
        centre,
        date_production,
        etat,
        nombre,
        minutes,
        case etat
            when 'pause' then 'Pauses déclarées'
            when 'hors_poste' then 'Hors des postes'
            when 'attente'
                then 'Attentes ' || case classe when 'micro' then 'courtes' when 'moyenne' then 'moyennes' else 'longues' end
            else 'Arrêts ' || case classe when 'micro' then 'courts' when 'moyenne' then 'moyens' else 'longs' end
        end as perte
    from par_jour

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
    from unnest(%(centres)s::text[], %(choisis)s::text[], %(heures)s::numeric[]) as sans_piece (centre, choix, heures)
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
