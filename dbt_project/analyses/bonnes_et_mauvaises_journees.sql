-- Cette journée a-t-elle été bonne ou mauvaise ? Une ligne par centre et journée des quatre dernières semaines, ouverte ou avec une
-- session, comparée à la médiane de ses semblables : mêmes postes, même jour de la semaine quand il y en a assez. Sans
-- comparaison, il y en a trop peu. Une journée ouverte où la machine n'a rien écrit est `sans fichier`.

with calendrier as (

    select * from {{ ref('calendrier') }}

),

journees as (

    select * from {{ ref('production_journaliere') }}
    where terminee

),

dernier as (

    select max(date_production) as jour from journees

)

select
    calendrier.centre,
    calendrier.date_production,
    calendrier.postes,
    coalesce(journees.pieces, 0) as pieces,
    journees.pieces_habituelles,
    journees.ecart_habituel as ecart_en_pour_cent,
    journees.comparables as journees_comparables,
    -- D'ordinaire, une journée s'écarte d'autant : au-delà du double, et de 10 %, elle sort de l'habitude.
    case
        when journees.id is null then 'sans fichier'
        when
            abs(journees.pieces - journees.pieces_habituelles)
            <= 2 * greatest(journees.dispersion_pieces, 0.05 * journees.pieces_habituelles)
            then 'habituelle'
        when journees.pieces > journees.pieces_habituelles then 'bonne'
        when journees.pieces < journees.pieces_habituelles then 'mauvaise'
    end as avis,
    journees.taux_disponibilite,
    journees.taux_performance,
    round(60 * coalesce(journees.temps_sans_piece_en_horaire, calendrier.temps_prevu)) as minutes_sans_piece,
    round(60 * journees.temps_arret_hors_pause) as minutes_arret_hors_pause,
    round(60 * journees.temps_attente_net) as minutes_attente
from calendrier
inner join dernier on calendrier.date_production between dernier.jour - 27 and dernier.jour
left join journees
    on calendrier.centre_usinage_id = journees.centre_usinage_id
    and calendrier.date_production = journees.date_production
where calendrier.ouvert or journees.id is not null
order by calendrier.date_production desc, calendrier.centre asc
