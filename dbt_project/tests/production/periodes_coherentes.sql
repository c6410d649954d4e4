-- Waits and stops end after they begin, have the right duration, and add up to their session's figures. One row per session and
-- kind, with the rules it breaks.

{{ config(tags=['audit']) }}

with sessions as (

    select
        id,
        centre_usinage_id,
        date_production,
        fichier_log_source,
        'attente' as nature,
        temps_attente as heures
    from {{ ref('session_production') }}
    union all
    select
        id,
        centre_usinage_id,
        date_production,
        fichier_log_source,
        'arrêt' as nature,
        temps_arret_volontaire as heures
    from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

periodes as (

    select
        session_id,
        'attente' as nature,
        timestamp_debut,
        timestamp_fin,
        duree_secondes
    from {{ ref('periode_attente') }}
    union all
    select
        session_id,
        'arrêt' as nature,
        timestamp_debut,
        timestamp_fin,
        duree_secondes
    from {{ ref('periode_arret') }}

),

comptes as (

    select
        session_id,
        nature,
        sum(duree_secondes) as secondes,
        count(*) filter (where timestamp_fin < timestamp_debut) as nb_a_l_envers,
        -- The tolerance: PostgreSQL's times have microseconds.
        count(*) filter (
            where abs(extract(epoch from timestamp_fin - timestamp_debut) - duree_secondes) > 0.000001
        ) as nb_fausses_durees,
        count(*) filter (where nature = 'attente' and (duree_secondes <= 0 or duree_secondes > 86400)) as nb_hors_bornes
    from periodes
    group by session_id, nature

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        sessions.nature,
        sessions.heures,
        comptes.secondes,
        concat_ws(
            ' ; ',
            case
                when sessions.heures != round(coalesce(comptes.secondes, 0) / 3600, 4) then 'heures = somme des périodes'
            end,
            case when comptes.nb_a_l_envers > 0 then 'fin ≥ début' end,
            case when comptes.nb_fausses_durees > 0 then 'durée = fin − début' end,
            case when comptes.nb_hors_bornes > 0 then 'une attente dure plus de 0 seconde et au plus un jour' end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join comptes on sessions.id = comptes.session_id and sessions.nature = comptes.nature

)

select * from verifiees
where regles_enfreintes != ''
