-- The sessions and their figures. One row per machining centre and production day.

-- The comparison with what the figures were:
-- depends_on: {{ ref('centre_usinage') }} {{ ref('int_fichiers') }} {{ ref('int_fichiers_jours') }}
-- depends_on: {{ ref('stg_chargements__executions') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_sessions', 'condition': 'cible.id = perimetre.cle::uuid', 'cascade': true}},
    post_hook='{{ noter_revisions() }}',
) }}

with sessions as (

    select * from {{ ref('int_sessions') }}

),

toutes_metriques as (

    select * from {{ ref('int_sessions_metriques') }}

),

metriques as (

    select
        sessions.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        metriques.*,
        case
            when metriques.secondes_fenetre = 0 then 0
            else metriques.secondes_fenetre - metriques.secondes_attente - metriques.secondes_arret
        end as secondes_production
    {{ des_sessions_du_perimetre('toutes_metriques', 'metriques') }}
    inner join sessions on metriques.session_id = sessions.session_id

),

arrondies as (

    select
        *,
        {{ heures('secondes_fenetre') }} as duree_production_totale,
        {{ heures('secondes_attente_nette') }} as temps_attente_net,
        {{ heures('secondes_arret_net') }} as temps_arret_net,
        {{ taux('secondes_attente_nette', 'secondes_fenetre') }} as taux_attente_net,
        {{ taux('secondes_arret_net', 'secondes_fenetre') }} as taux_arret_net
    from metriques

),

sessions_production as (

    select
        session_id as id,
        {{ cle(['dossier']) }} as centre_usinage_id,
        date_production,
        heure_premiere_piece,
        heure_derniere_piece,
        heure_premier_machine_start,
        heure_dernier_machine_stop,
        total_pieces,
        duree_production_totale::numeric(14, 4) as duree_production_totale,
        {{ heures('secondes_attente') }}::numeric(14, 4) as temps_attente,
        {{ heures('secondes_arret') }}::numeric(14, 4) as temps_arret_volontaire,
        {{ heures('secondes_production') }}::numeric(14, 4) as temps_production_effectif,
        {{ taux('secondes_production', 'secondes_fenetre') }}::numeric(18, 2) as taux_occupation,
        {{ taux('secondes_attente', 'secondes_fenetre') }}::numeric(18, 2) as taux_attente,
        {{ taux('secondes_arret', 'secondes_fenetre') }}::numeric(18, 2) as taux_arret_volontaire,
        temps_attente_net::numeric(14, 4) as temps_attente_net,
        temps_arret_net::numeric(14, 4) as temps_arret_net,
        (duree_production_totale - temps_attente_net - temps_arret_net)::numeric(14, 4) as temps_production_net,
        (100 - taux_attente_net - taux_arret_net)::numeric(18, 2) as taux_occupation_net,
        taux_attente_net::numeric(18, 2) as taux_attente_net,
        taux_arret_net::numeric(18, 2) as taux_arret_net,
        fichier_log_source
    from arrondies

)

select * from sessions_production
