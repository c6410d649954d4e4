-- The sessions and their figures. One row per machining centre and production day.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'id': 'session_id'}}},
) }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

-- A partial build may know of a centre's end before its worklist does.
centres as (

    select * from {{ ref('centre_usinage') }}

),

calendrier as (

    select * from {{ ref('int_calendrier') }}

),

toutes_metriques as (

    select * from {{ ref('int_sessions_metriques') }}

),

metriques as (

    select
        a_construire.centre_usinage_id,
        a_construire.date_production,
        a_construire.centre,
        a_construire.fichier_log_source,
        case when declares.est_declare then coalesce(declares.postes, '') end as postes,
        toutes_metriques.*,
        case
            when toutes_metriques.secondes_fenetre = 0 then 0
            else toutes_metriques.secondes_fenetre - toutes_metriques.secondes_attente - toutes_metriques.secondes_arret
        end as secondes_production
    from a_construire
    inner join toutes_metriques on a_construire.session_id = toutes_metriques.session_id
    inner join centres on a_construire.centre_usinage_id = centres.id
    -- Day by day, through the index on dates.
    left join lateral (
        select
            calendrier.est_declare,
            calendrier.postes
        from calendrier
        where calendrier.dossier = a_construire.dossier and calendrier.jour = a_construire.date_production
        limit all
    ) as declares on true

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
        centre_usinage_id,
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
        fichier_log_source,
        centre,
        postes
    from arrondies

)

select * from sessions_production
