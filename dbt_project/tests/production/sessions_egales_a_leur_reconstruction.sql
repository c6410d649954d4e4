-- The sessions of the last build are the same when computed again from their lines. One row per session of its worklist that
-- differs.

-- It runs after the last model: a failure before would skip the pieces, and leave them behind the sessions.
-- depends_on: {{ ref('piece_production') }}
{{ config(tags=['audit']) }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

conservees as (

    select
        sessions.id,
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        sessions.total_pieces,
        sessions.heure_premiere_piece,
        sessions.heure_derniere_piece,
        sessions.heure_premier_machine_start,
        sessions.heure_dernier_machine_stop,
        sessions.temps_attente,
        sessions.temps_arret_volontaire,
        sessions.temps_attente_net,
        sessions.temps_arret_net
    from {{ ref('session_production') }} as sessions
    inner join {{ ref('centre_usinage') }} as centres on sessions.centre_usinage_id = centres.id
    inner join a_construire on sessions.id = a_construire.session_id

),

reconstruites as (

    select
        sessions.session_id as id,
        sessions.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        metriques.total_pieces,
        metriques.heure_premiere_piece,
        metriques.heure_derniere_piece,
        metriques.heure_premier_machine_start,
        metriques.heure_dernier_machine_stop,
        {{ heures('metriques.secondes_attente') }} as temps_attente,
        {{ heures('metriques.secondes_arret') }} as temps_arret_volontaire,
        {{ heures('metriques.secondes_attente_nette') }} as temps_attente_net,
        {{ heures('metriques.secondes_arret_net') }} as temps_arret_net
    from a_construire as sessions
    inner join {{ ref('int_sessions_metriques') }} as metriques on sessions.session_id = metriques.session_id

)

select
    coalesce(conservees.dossier, reconstruites.dossier) as dossier,
    coalesce(conservees.date_production, reconstruites.date_production) as date_production,
    to_jsonb(conservees) - 'id' as conservee,
    to_jsonb(reconstruites) - 'id' as reconstruite
from conservees
full join reconstruites on conservees.id = reconstruites.id
where to_jsonb(conservees) is distinct from to_jsonb(reconstruites)
