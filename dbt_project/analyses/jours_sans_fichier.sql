-- Quels jours manque le fichier d'un centre alors qu'on devait travailler ? Une ligne par centre actif et jour : les jours ouverts
-- de son calendrier ; sans horaire déclaré, ceux où d'autres ont travaillé. Une machine éteinte n'écrit rien non plus : à voir avec
-- l'atelier.

with calendrier as (

    select * from {{ ref('calendrier') }}
    where date_production < current_date

),

centres as (

    select * from {{ ref('centre_usinage') }}
    where actif

),

sessions as (

    select * from {{ ref('session_production') }}

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
    calendrier.centre,
    centres.dossier,
    calendrier.date_production as jour,
    calendrier.jour_semaine as jour_de_la_semaine,
    calendrier.temps_prevu as heures_prevues,
    coalesce(jours.nb_centres, 0) as centres_au_travail,
    coalesce(jours.nb_pieces, 0) as pieces_des_autres
from calendrier
inner join centres on calendrier.centre_usinage_id = centres.id
left join jours on calendrier.date_production = jours.date_production
where
    coalesce(calendrier.ouvert, jours.date_production is not null)
    and not exists (
        select 1 from sessions
        where sessions.centre_usinage_id = centres.id and sessions.date_production = calendrier.date_production
    )
order by jour desc, calendrier.centre asc
