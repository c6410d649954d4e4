-- Combien de temps d'une pièce à la suivante ? Une ligne par centre, avec la répartition en secondes. Le temps de cycle va d'une
-- pièce à la suivante de la même session, attentes et arrêts compris : la médiane et les quantiles disent plus que la moyenne, que
-- quelques arrêts suffisent à tirer. Un temps négatif (la machine a reculé son horloge) est laissé de côté.

with sessions as (

    select * from {{ ref('session_production') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

cycles as (

    select
        session_id,
        extract(
            epoch from timestamp_production - lag(timestamp_production) over (partition by session_id order by numero_piece)
        ) as secondes
    from pieces

)

select
    sessions.centre,
    count(*) as cycles,
    round(avg(cycles.secondes), 1) as moyenne,
    round(percentile_cont(0.05) within group (order by cycles.secondes)::numeric, 1) as cinq_pour_cent,
    round(percentile_cont(0.25) within group (order by cycles.secondes)::numeric, 1) as premier_quart,
    round(percentile_cont(0.5) within group (order by cycles.secondes)::numeric, 1) as mediane,
    round(percentile_cont(0.75) within group (order by cycles.secondes)::numeric, 1) as dernier_quart,
    round(percentile_cont(0.95) within group (order by cycles.secondes)::numeric, 1) as quatre_vingt_quinze_pour_cent,
    count(*) filter (where cycles.secondes > 600) as plus_de_dix_minutes
from cycles
inner join sessions on cycles.session_id = sessions.id
where cycles.secondes >= 0
group by sessions.centre
order by sessions.centre
