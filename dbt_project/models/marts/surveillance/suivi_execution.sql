-- Every load and every build, also those that are running. One row per load (run and source) and per build. A view, because a table
-- that a build writes would have neither that build nor one that fails.

{{ config(materialized='view') }}

with chargements as (

    select * from {{ ref('stg_chargements__executions') }}

),

constructions as (

    select * from {{ ref('stg_historique__constructions') }}

),

sessions_au_travail as (

    select * from {{ ref('int_sessions_au_travail') }}

),

dernier_chargement as (

    select
        execution_id,
        commencee_le
    from {{ ref('stg_chargements__executions') }}
    order by execution_id desc
    limit 1

),

-- Loads and builds of `make` take the same lock. So the latest load may be running if the lock is held and no build of `make` has
-- begun since.
chargement_possible as (

    select dernier_chargement.execution_id
    from dernier_chargement
    where
        exists (select 1 from sessions_au_travail)
        and not exists (
            select 1 from constructions as suivantes
            where suivantes.session_verrou is not null and suivantes.commencee_le > dernier_chargement.commencee_le
        )

),

chargements_suivis as (

    select
        chargements.*,
        case
            when chargements.resultat = 'partial' then 'partiel'
            when chargements.resultat = 'failed' then 'echec'
            when chargements.resultat = 'interrupted' then 'interrompu'
            when chargements.resultat != 'running' then chargements.resultat
            when chargement_possible.execution_id is not null then 'en cours'
            else 'interrompu'
        end as resultat_suivi
    from chargements
    left join chargement_possible on chargements.execution_id = chargement_possible.execution_id

),

constructions_suivies as (

    select
        constructions.*,
        case
            when constructions.resultat != 'en cours' then constructions.resultat
            when constructions.session_verrou is null or sessions_au_travail.pid is not null then 'en cours'
            when constructions.erreur is not null then 'echec'
            else 'interrompu'
        end as resultat_suivi
    from constructions
    left join sessions_au_travail on constructions.session_verrou = sessions_au_travail.pid

),

-- Counted by window functions, which read years of history once, in the order of an index.
chargements_comptes as (

    select
        'chargement ' || execution_id as id,
        'chargement' as type,
        source,
        commencee_le as debut,
        -- A run that died is closed by the next run. The time of that is not when it ended.
        case when resultat_suivi not in ('en cours', 'interrompu') then finie_le end as fin,
        memoire_max_octets,
        nb_lignes,
        resultat_suivi as resultat,
        erreur,
        count(*) filter (where resultat_suivi = 'ok') over sept_jours as nb_reussis,
        count(*) filter (where resultat_suivi != 'en cours') over sept_jours as nb_finis,
        null::integer as nb_modeles,
        null::integer as nb_modeles_en_echec,
        null::integer as nb_verifications_en_echec,
        null::integer as nb_avertissements,
        null::text as commande,
        null::text as version
    from chargements_suivis
    window sept_jours as (
        partition by source
        order by commencee_le
        range between interval '7 days' preceding and current row
    )

),

constructions_comptees as (

    select
        'construction ' || construction_id as id,
        'construction' as type,
        null::text as source,
        commencee_le as debut,
        case when resultat_suivi != 'en cours' then finie_le end as fin,
        memoire_max_octets,
        nb_lignes,
        resultat_suivi as resultat,
        case when resultat_suivi != 'en cours' then erreur end as erreur,
        count(*) filter (where resultat_suivi = 'ok') over sept_jours as nb_reussis,
        count(*) filter (where resultat_suivi != 'en cours') over sept_jours as nb_finis,
        nb_modeles,
        nb_modeles_en_echec,
        nb_verifications_en_echec,
        nb_avertissements,
        commande,
        version
    from constructions_suivies
    window sept_jours as (
        order by commencee_le
        range between interval '7 days' preceding and current row
    )

),

reunis as (

    select * from chargements_comptes
    union all
    select * from constructions_comptees

),

suivi as (

    select
        id,
        type,
        source,
        debut,
        fin,
        round(extract(epoch from fin - debut), 1) as duree_secondes,
        round(memoire_max_octets / 1000000.0, 1) as memoire_max_mo,
        nb_lignes,
        resultat,
        erreur,
        round(100.0 * nb_reussis / nullif(nb_finis, 0), 2)::numeric(18, 2) as taux_reussite,
        nb_modeles,
        nb_modeles_en_echec,
        nb_verifications_en_echec,
        nb_avertissements,
        commande,
        version
    from reunis

)

select * from suivi
