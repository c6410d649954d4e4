-- The hours of a session add up to its pieces and the seconds of its segments, and none has more than 3,600 seconds. One row per
-- session, with the rules it breaks.

{{ config(tags=['audit']) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

segments as (

    select
        session_id,
        sum(duree_secondes) filter (where etat = 'production') as secondes_production,
        sum(duree_secondes) filter (where etat = 'attente') as secondes_attente,
        sum(duree_secondes) filter (where etat = 'arret') as secondes_arret
    from {{ ref('chronologie') }}
    group by session_id

),

heures as (

    select
        session_id,
        sum(pieces) as pieces,
        sum(secondes_production) as secondes_production,
        sum(secondes_attente) as secondes_attente,
        sum(secondes_arret) as secondes_arret,
        min(least(pieces, secondes_production, secondes_attente, secondes_arret)) as plus_petit,
        max(secondes_production + secondes_attente + secondes_arret) as plus_remplie,
        count(*) filter (where pieces + secondes_production + secondes_attente + secondes_arret = 0) as nb_vides,
        count(*) filter (where heure != date_trunc('hour', heure) or heure_du_jour != extract(hour from heure)) as nb_fausses_heures
    from {{ ref('production_horaire') }}
    group by session_id

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        concat_ws(
            ' ; ',
            case when coalesce(heures.pieces, 0) != sessions.total_pieces then 'somme des pièces' end,
            case
                when
                    coalesce(heures.secondes_production, 0) != coalesce(segments.secondes_production, 0)
                    then 'somme de la production'
            end,
            case when coalesce(heures.secondes_attente, 0) != coalesce(segments.secondes_attente, 0) then 'somme des attentes' end,
            case when coalesce(heures.secondes_arret, 0) != coalesce(segments.secondes_arret, 0) then 'somme des arrêts' end,
            case when heures.plus_petit < 0 then 'rien de négatif' end,
            case when heures.plus_remplie > 3600 then 'une heure a 3600 secondes' end,
            case when heures.nb_vides > 0 then 'pas d''heure vide' end,
            case when heures.nb_fausses_heures > 0 then 'heures pleines' end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join segments on sessions.id = segments.session_id
    left join heures on sessions.id = heures.session_id

)

select * from verifiees
where regles_enfreintes != ''
