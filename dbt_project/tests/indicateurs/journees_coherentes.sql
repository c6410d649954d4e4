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
                when journees.cadence <= 0 or journees.temps_cycle_median < 0 then 'cadence plus de 0, temps de cycle pas négatif'
            end,
            case
                when (journees.temps_cycle_median is not null) != (journees.pieces > 1) then 'un temps de cycle dès deux pièces'
            end,
            case when (journees.plus_long_arret is not null) != (journees.nombre_arrets > 0) then 'arrêts' end,
            case when (journees.plus_longue_attente is not null) != (journees.nombre_attentes > 0) then 'attentes' end,
            case when journees.date_precedente >= journees.date_production then 'la journée précédente est avant' end,
            case when (journees.variation_pieces is not null) != (journees.date_precedente is not null) then 'variation' end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join journees on sessions.id = journees.session_id

)

select * from verifiees
where regles_enfreintes != ''
