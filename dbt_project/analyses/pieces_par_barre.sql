-- Combien de pièces tire-t-on d'une barre ? Une ligne par centre, longueur de barre et nombre de pièces. Une barre sans pièce a été
-- prise pour rien, ou son fichier s'arrête là. La pièce va à la dernière barre prise avant elle dans la session.

with sessions as (

    select * from {{ ref('session_production') }}

),

profils as (

    select * from {{ ref('job_profil') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

barres as (

    select
        profils.session_id,
        profils.longueur,
        count(pieces.id) as nb_pieces
    from profils
    left join pieces on profils.id = pieces.job_profil_id
    group by profils.id, profils.session_id, profils.longueur

)

select
    sessions.centre,
    barres.longueur as longueur_mm,
    barres.nb_pieces as pieces_par_barre,
    count(*) as barres,
    round(100 * count(*) / sum(count(*)) over (partition by sessions.centre, barres.longueur), 1) as part_de_la_longueur
from barres
inner join sessions on barres.session_id = sessions.id
group by sessions.centre, barres.longueur, barres.nb_pieces
order by sessions.centre, longueur_mm, barres.nb_pieces
