-- À quelles heures les centres produisent-ils ? Une ligne par centre et heure de l'horloge où il a fait au moins une pièce. Les
-- moyennes sont par journée où le centre a fait au moins une pièce, que l'heure en question en ait eu ou non.

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

journees as (

    select
        centre_usinage_id,
        count(*) as nb_journees
    from sessions
    where total_pieces > 0
    group by centre_usinage_id

),

comptes as (

    select
        sessions.centre_usinage_id,
        extract(hour from pieces.timestamp_production)::integer as heure,
        count(*) as nb_pieces
    from pieces
    inner join sessions on pieces.session_id = sessions.id
    group by sessions.centre_usinage_id, extract(hour from pieces.timestamp_production)

)

select
    centres.nom as centre,
    comptes.heure,
    comptes.nb_pieces as pieces,
    round(comptes.nb_pieces::numeric / journees.nb_journees, 1) as pieces_par_journee,
    round(100 * comptes.nb_pieces / sum(comptes.nb_pieces) over (partition by centres.id), 1) as part_du_centre
from comptes
inner join centres on comptes.centre_usinage_id = centres.id
inner join journees on comptes.centre_usinage_id = journees.centre_usinage_id
order by centre, comptes.heure
