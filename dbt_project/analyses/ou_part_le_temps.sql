-- Quelle machine perd du temps, et à quoi ? Un Pareto des quatre dernières semaines : une ligne par centre et cause, la plus lourde
-- d'abord. Les pauses déclarées n'y sont pas. Le temps prévu sans pièce est celui d'avant la première pièce, d'après la dernière,
-- et des postes où la machine n'a rien fait. Pour le « quand », grouper aussi par `poste`, ou les pertes par `heure_du_jour`. Un
-- arrêt commencé pendant une pause a des heures ici, mais n'y est pas compté.

with pertes as (

    select * from {{ ref('pertes') }}
    where not en_pause

),

postes as (

    select * from {{ ref('production_poste') }}
    where termine and poste is not null

),

dernier as (

    select max(date_production) as jour from {{ ref('session_production') }}
    where date_production <= current_date

),

causes as (

    select
        pertes.centre,
        pertes.etat || ', ' || pertes.classe as cause,
        sum(pertes.nombre) as nombre,
        sum(pertes.minutes) / 60 as heures
    from pertes
    inner join dernier on pertes.date_production between dernier.jour - 27 and dernier.jour
    group by pertes.centre, pertes.etat, pertes.classe
    union all
    select
        postes.centre,
        'temps prévu sans pièce' as cause,
        null as nombre,
        sum(postes.temps_sans_piece) as heures
    from postes
    inner join dernier on postes.date_poste between dernier.jour - 27 and dernier.jour
    group by postes.centre

)

select
    centre,
    cause,
    nombre,
    round(heures, 1) as heures,
    round(100 * heures / sum(heures) over (partition by centre), 1) as part_du_centre,
    round(
        100 * sum(heures) over (partition by centre order by heures desc, cause asc) / sum(heures) over (partition by centre), 1
    ) as part_cumulee
from causes
where heures > 0
order by causes.centre asc, causes.heures desc
