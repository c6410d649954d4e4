-- Quand la production commence-t-elle et finit-elle, et que perd-on à la mise en route ? Une ligne par centre et jour de la semaine
-- (1 : lundi). La mise en route va du premier `MachineStart` à la première pièce ; elle est hors de la fenêtre, et donc d'aucun
-- temps net.

with sessions as (

    select * from {{ ref('session_production') }}
    where total_pieces > 0

)

select
    sessions.centre,
    extract(isodow from sessions.date_production)::integer as jour_de_la_semaine,
    count(*) as journees,
    percentile_disc(0.5) within group (order by sessions.heure_premiere_piece::time) as premiere_piece_mediane,
    percentile_disc(0.5) within group (
        order by sessions.heure_derniere_piece - sessions.date_production
    ) as derniere_piece_mediane,
    round(percentile_cont(0.5) within group (
        order by extract(epoch from sessions.heure_premiere_piece - sessions.heure_premier_machine_start) / 60
    )::numeric, 1) as minutes_de_mise_en_route
from sessions
group by sessions.centre, extract(isodow from sessions.date_production)
order by centre, jour_de_la_semaine
