-- A session's segments are numbered from 1, follow one another from the first piece to the last without gaps, overlaps or the same
-- state twice in a row, and add up exactly to its net times. One row per session, with the rules it breaks.

{{ config(tags=['audit']) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

segments as (

    select
        *,
        lag(timestamp_fin) over ordre as fin_precedente,
        lag(etat) over ordre as etat_precedent
    from {{ ref('chronologie') }}
    window ordre as (partition by session_id order by numero_segment)

),

comptes as (

    select
        session_id,
        count(*) as nb_segments,
        min(numero_segment) as premier_numero,
        max(numero_segment) as dernier_numero,
        min(timestamp_debut) as debut,
        max(timestamp_fin) as fin,
        sum(duree_secondes) filter (where etat = 'attente') as secondes_attente,
        sum(duree_secondes) filter (where etat = 'arret') as secondes_arret,
        sum(duree_secondes) as secondes_fenetre,
        count(*) filter (where timestamp_debut != fin_precedente) as nb_mal_joints,
        count(*) filter (where etat = etat_precedent) as nb_repetes,
        count(*) filter (
            where duree_secondes <= 0 or duree_secondes != extract(epoch from timestamp_fin - timestamp_debut)
        ) as nb_fausses_durees
    from segments
    group by session_id

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        concat_ws(
            ' ; ',
            case
                when (comptes.session_id is null) = coalesce(sessions.heure_premiere_piece < sessions.heure_derniere_piece, false)
                    then 'des segments là où il y a une fenêtre'
            end,
            case
                when comptes.premier_numero != 1 or comptes.dernier_numero != comptes.nb_segments then 'numéros de 1 sans trou'
            end,
            case when comptes.debut != sessions.heure_premiere_piece then 'début à la première pièce' end,
            case when comptes.fin != sessions.heure_derniere_piece then 'fin à la dernière pièce' end,
            case when comptes.nb_mal_joints > 0 then 'ni trou ni chevauchement' end,
            case when comptes.nb_repetes > 0 then 'deux voisins d''états différents' end,
            case when comptes.nb_fausses_durees > 0 then 'durée = fin − début, plus de 0' end,
            case
                when round(comptes.secondes_fenetre / 3600, 4) != sessions.duree_production_totale then 'somme = durée totale'
            end,
            case
                when
                    round(coalesce(comptes.secondes_attente, 0) / 3600, 4) != sessions.temps_attente_net
                    then 'somme = attente nette'
            end,
            case when round(coalesce(comptes.secondes_arret, 0) / 3600, 4) != sessions.temps_arret_net then 'somme = arrêt net' end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join comptes on sessions.id = comptes.session_id

)

select * from verifiees
where regles_enfreintes != ''
