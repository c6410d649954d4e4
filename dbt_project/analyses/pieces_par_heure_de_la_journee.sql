-- À quelles heures les centres produisent-ils ? Une ligne par centre et heure de l'horloge où il a fait au moins une pièce. Les
-- moyennes sont par journée où le centre a fait au moins une pièce, que l'heure en question en ait eu ou non.

with heures as (

    select * from {{ ref('production_horaire') }}
    where pieces > 0

),

journees as (

    select
        centre,
        count(*) as nb_journees
    from {{ ref('session_production') }}
    where total_pieces > 0
    group by centre

)

select
    heures.centre,
    heures.heure_du_jour as heure,
    sum(heures.pieces) as pieces,
    round(sum(heures.pieces)::numeric / journees.nb_journees, 1) as pieces_par_journee,
    round(100 * sum(heures.pieces) / sum(sum(heures.pieces)) over (partition by heures.centre), 1) as part_du_centre
from heures
inner join journees on heures.centre = journees.centre
group by heures.centre, heures.heure_du_jour, journees.nb_journees
order by heures.centre, heures.heure_du_jour
