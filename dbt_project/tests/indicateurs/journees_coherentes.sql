-- Every session has its day, with the same figures, and a day's figures agree with one another. One row per session, with the rules
-- it breaks.

{{ config(tags=['audit']) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

journees as (

    select * from {{ ref('production_journaliere') }}

),

pertes as (

    select
        session_id,
        sum(minutes) as minutes
    from {{ ref('pertes') }}
    group by session_id

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        concat_ws(
            ' ; ',
            case when journees.id is null then 'une journée par session' end,
            case when journees.pieces != sessions.total_pieces then 'pièces de la session' end,
            case
                when (
                    journees.duree_production_totale,
                    journees.temps_production_net,
                    journees.temps_attente_net,
                    journees.temps_arret_net
                ) is distinct from (
                    sessions.duree_production_totale,
                    sessions.temps_production_net,
                    sessions.temps_attente_net,
                    sessions.temps_arret_net
                ) then 'temps nets de la session'
            end,
            case
                when
                    (journees.taux_occupation_net, journees.taux_attente_net, journees.taux_arret_net)
                    is distinct from (sessions.taux_occupation_net, sessions.taux_attente_net, sessions.taux_arret_net)
                    then 'taux nets de la session'
            end,
            case
                when journees.cadence <= 0 or journees.temps_cycle_median_secondes < 0
                    then 'cadence plus de 0, temps de cycle pas négatif'
            end,
            case
                when (journees.temps_cycle_median_secondes is not null) != (journees.pieces > 1)
                    then 'un temps de cycle dès deux pièces'
            end,
            case when journees.plus_long_arret > journees.temps_arret_net then 'le plus long arrêt est de la journée' end,
            case
                when journees.plus_longue_attente > journees.temps_attente_net then 'la plus longue attente est de la journée'
            end,
            case when (journees.ecart_habituel is not null) != (journees.comparables is not null) then 'comparaison' end,
            case when journees.comparables is not null and not journees.terminee then 'seule une journée terminée est comparée' end,
            case
                when
                    (journees.temps_prevu is not null) != (journees.terminee and journees.postes is not null)
                    then 'un temps prévu quand un horaire est déclaré et la journée terminée'
            end,
            -- The tolerance: half a ten-thousandth for each of the four.
            case
                when
                    abs(
                        journees.temps_prevu - journees.temps_production_en_horaire - journees.temps_attente_en_horaire
                        - journees.temps_arret_en_horaire - journees.temps_sans_piece_en_horaire
                    ) > 0.0002
                    then 'somme du temps prévu'
            end,
            case when journees.taux_disponibilite not between 0 and 100 then 'disponibilité de 0 à 100' end,
            case
                when
                    journees.temps_arret_en_pause + journees.temps_arret_hors_pause != journees.temps_arret_net
                    then 'arrêts en pause et hors pause'
            end,
            case
                when
                    abs(coalesce(pertes.minutes, 0) / 60 - journees.temps_attente_net - journees.temps_arret_net) > 0.0002
                    then 'pertes de la journée'
            end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join journees on sessions.id = journees.session_id
    left join pertes on sessions.id = pertes.session_id

)

select * from verifiees
where regles_enfreintes != ''
