-- Combien de barres, de mètres et de pièces par profilé ? Une ligne par centre, référence et couleur. Une barre compte quand la
-- machine la prend ; `couleur` est NULL si elle ne l'a pas écrite. Les mètres sont ceux des barres, chutes comprises.

with sessions as (

    select * from {{ ref('session_production') }}

),

profils as (

    select * from {{ ref('job_profil') }}

),

pieces as (

    select
        job_profil_id,
        count(*) as nb_pieces
    from {{ ref('piece_production') }}
    where job_profil_id is not null
    group by job_profil_id

)

select
    sessions.centre,
    profils.reference,
    profils.couleur,
    count(*) as barres,
    round(sum(profils.longueur) / 1000, 1) as metres,
    coalesce(sum(pieces.nb_pieces), 0) as pieces,
    round(coalesce(sum(pieces.nb_pieces), 0) / count(*), 1) as pieces_par_barre,
    count(*) filter (where pieces.job_profil_id is null) as barres_sans_piece,
    min(sessions.date_production) as premiere_journee,
    max(sessions.date_production) as derniere_journee
from profils
inner join sessions on profils.session_id = sessions.id
left join pieces on profils.id = pieces.job_profil_id
group by sessions.centre, profils.reference, profils.couleur
order by metres desc, sessions.centre asc, profils.reference asc, profils.couleur asc
