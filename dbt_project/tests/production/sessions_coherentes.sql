-- The figures of a session agree exactly with one another. One row per session, with the rules it breaks.

{{ config(tags=['audit']) }}

-- It runs after the last model: a failure before would skip the pieces, and leave them behind the sessions.
-- depends_on: {{ ref('piece_production') }}

with sessions as (

    select
        *,
        heure_derniere_piece - heure_premiere_piece as fenetre
    from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

presences as (

    select
        id,
        num_nonnulls(
            nullif(total_pieces, 0), heure_premiere_piece, heure_derniere_piece, duree_production_totale, temps_production_effectif,
            temps_attente_net, temps_arret_net, temps_production_net
        ) as avec_piece,
        num_nonnulls(
            nullif(fenetre, interval '0'), taux_occupation, taux_attente, taux_arret_volontaire,
            taux_occupation_net, taux_attente_net, taux_arret_net
        ) as avec_fenetre,
        temps_attente + temps_arret_volontaire as historiques,
        temps_production_net + temps_attente_net + temps_arret_net as temps_nets,
        taux_occupation_net + taux_attente_net + taux_arret_net as taux_nets
    from sessions

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        concat_ws(
            ' ; ',
            case when presences.avec_piece not in (0, 8) then 'pièces, heures et durées vont ensemble' end,
            case when presences.avec_fenetre not in (0, 7) then 'fenêtre et taux vont ensemble' end,
            case when presences.historiques is null then 'attente et arrêt historiques toujours présents' end,
            case
                when sessions.duree_production_totale != round(extract(epoch from sessions.fenetre) / 3600, 4)
                    then 'durée totale = dernière pièce − première pièce'
            end,
            case
                when sessions.fenetre = interval '0' and sessions.temps_production_effectif != 0
                    then 'production effective 0 dans une fenêtre de longueur nulle'
            end,
            -- The tolerance: each of the four is rounded.
            case
                when
                    sessions.fenetre > interval '0'
                    and abs(sessions.duree_production_totale - presences.historiques - sessions.temps_production_effectif) > 0.0002
                    then 'production effective = durée − attente − arrêt'
            end,
            case when presences.temps_nets != sessions.duree_production_totale then 'somme des temps nets = durée totale' end,
            case when presences.taux_nets != 100 then 'somme des taux nets = 100' end,
            -- The tolerance: the end of a wait is rounded to the microsecond, its duration is not.
            case
                when sessions.temps_attente_net not between 0 and sessions.temps_attente + 0.0001 then 'attente nette ≤ attente'
            end,
            case when sessions.temps_arret_net not between 0 and sessions.temps_arret_volontaire then 'arrêt net ≤ arrêt' end,
            -- The tolerance: it is 100 less two rounded values.
            case when sessions.temps_production_net < -0.0001 or sessions.taux_occupation_net < -0.01 then 'reste net ≥ 0' end,
            case
                when not starts_with(normalize(sessions.fichier_log_source, nfc), normalize(centres.dossier, nfc) || '/')
                    then 'fichiers du dossier'
            end
        ) as regles_enfreintes
    from sessions
    inner join presences on sessions.id = presences.id
    inner join centres on sessions.centre_usinage_id = centres.id

)

select * from verifiees
where regles_enfreintes != ''
