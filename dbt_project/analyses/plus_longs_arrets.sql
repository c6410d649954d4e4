-- Quels ont été les vingt plus longs arrêts volontaires, et que faisait la machine avant et après ? Une ligne par arrêt. La pièce
-- d'avant peut manquer (l'arrêt ouvre la journée), celle d'après aussi (il la ferme).

with sessions as (

    select * from {{ ref('session_production') }}

),

arrets as (

    select * from {{ ref('periode_arret') }}

),

attentes as (

    select * from {{ ref('periode_attente') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

plus_longs as (

    select *
    from arrets
    order by duree_secondes desc, id asc
    limit 20

),

avant as (

    select distinct on (plus_longs.id)
        plus_longs.id as arret_id,
        pieces.timestamp_production,
        pieces.details
    from plus_longs
    inner join pieces
        on plus_longs.session_id = pieces.session_id
        and plus_longs.timestamp_debut >= pieces.timestamp_production
    order by plus_longs.id asc, pieces.timestamp_production desc, pieces.numero_piece desc

),

apres as (

    select distinct on (plus_longs.id)
        plus_longs.id as arret_id,
        pieces.timestamp_production,
        pieces.details
    from plus_longs
    inner join pieces
        on plus_longs.session_id = pieces.session_id
        and plus_longs.timestamp_fin <= pieces.timestamp_production
    order by plus_longs.id, pieces.timestamp_production, pieces.numero_piece

),

annoncees as (

    select
        plus_longs.id as arret_id,
        count(*) as nb_attentes
    from plus_longs
    inner join attentes
        on plus_longs.session_id = attentes.session_id
        and plus_longs.timestamp_debut <= attentes.timestamp_debut
        and plus_longs.timestamp_fin > attentes.timestamp_debut
    group by plus_longs.id

)

select
    sessions.centre,
    sessions.date_production,
    plus_longs.timestamp_debut as debut,
    plus_longs.timestamp_fin as fin,
    round(plus_longs.duree_secondes / 60, 1) as minutes,
    avant.timestamp_production as derniere_piece_avant,
    avant.details as piece_avant,
    apres.timestamp_production as premiere_piece_apres,
    apres.details as piece_apres,
    -- Pendant un arrêt, la machine dit souvent aussi qu'elle attend : les temps nets ne comptent alors que l'arrêt.
    coalesce(annoncees.nb_attentes, 0) as attentes_annoncees_pendant
from plus_longs
inner join sessions on plus_longs.session_id = sessions.id
left join avant on plus_longs.id = avant.arret_id
left join apres on plus_longs.id = apres.arret_id
left join annoncees on plus_longs.id = annoncees.arret_id
order by minutes desc, debut asc
