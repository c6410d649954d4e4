-- Quels jours manque le fichier d'un centre alors que d'autres ont travaillé ? Une ligne par centre actif et jour. Un jour sans
-- fichier d'aucun centre est un jour de repos, et n'y est pas. Une machine éteinte n'écrit rien non plus : à voir avec l'atelier.

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

debuts as (

    select
        centre_usinage_id,
        min(date_production) as premiere_journee
    from sessions
    group by centre_usinage_id

),

jours as (

    select
        date_production,
        count(*) as nb_centres,
        sum(total_pieces) as nb_pieces
    from sessions
    where total_pieces > 0
    group by date_production

)

select
    centres.nom as centre,
    centres.dossier,
    jours.date_production as jour,
    extract(isodow from jours.date_production)::integer as jour_de_la_semaine,
    jours.nb_centres as centres_au_travail,
    jours.nb_pieces as pieces_des_autres
from centres
inner join debuts on centres.id = debuts.centre_usinage_id
inner join jours on debuts.premiere_journee < jours.date_production
where
    centres.actif
    and not exists (
        select 1 from sessions
        where sessions.centre_usinage_id = centres.id and sessions.date_production = jours.date_production
    )
order by jour desc, centre asc
