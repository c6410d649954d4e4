-- Every load and every build, also those that are running. One row per load (run and source) and per build. A view, because a table
-- that a build writes would have neither that build nor one that fails.

{{ config(materialized='view') }}

with chargements as (

    select * from {{ ref('stg_chargements__executions') }}

),

constructions as not materialized (

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

-- Not joined: a join would not keep the order of an index.
chargements_suivis as not materialized (

    select
        *,
        'chargement' as type,
        case
            when resultat = 'partial' then 'partiel'
            when resultat = 'failed' then 'echec'
            when resultat = 'interrupted' then 'interrompu'
            when resultat != 'running' then resultat
            when execution_id = (select chargement_possible.execution_id from chargement_possible) then 'en cours'
            else 'interrompu'
        end as resultat_suivi
    from chargements

),

constructions_suivies as (

    select
        *,
        'construction' as type,
        null::text as source,
        case
            when resultat != 'en cours' then resultat
            when session_verrou is null then 'en cours'
            when session_verrou = any(array(select sessions_au_travail.pid from sessions_au_travail)) then 'en cours'
            when erreur is not null then 'echec'
            else 'interrompu'
        end as resultat_suivi
    from constructions

),

-- Counted by window functions, which read years of history once, in the order of an index. They read it from its end: so the latest
-- twenty need little more than the latest seven days of it.
chargements_comptes as not materialized (

    select
        'chargement ' || execution_id as id,
        type,
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
        nb_echecs,
        null::integer as nb_modeles,
        null::integer as nb_modeles_en_echec,
        null::integer as nb_verifications_en_echec,
        null::integer as nb_avertissements,
        null::text as commande,
        null::text as version
    from chargements_suivis
    window sept_jours as (
        partition by type, source
        order by commencee_le desc
        range between current row and interval '7 days' following
    )

),

constructions_comptees as (

    select
        'construction ' || construction_id as id,
        type,
        source,
        commencee_le as debut,
        case when resultat_suivi != 'en cours' then finie_le end as fin,
        memoire_max_octets,
        nb_lignes,
        resultat_suivi as resultat,
        case when resultat_suivi != 'en cours' then erreur end as erreur,
        count(*) filter (where resultat_suivi = 'ok') over sept_jours as nb_reussis,
        count(*) filter (where resultat_suivi != 'en cours') over sept_jours as nb_finis,
        nb_modeles_en_echec + nb_verifications_en_echec as nb_echecs,
        nb_modeles,
        nb_modeles_en_echec,
        nb_verifications_en_echec,
        nb_avertissements,
        commande,
        version
    from constructions_suivies
    window sept_jours as (
        partition by type, source
        order by commencee_le desc
        range between current row and interval '7 days' following
    )

),

-- A source at a time, which is in the order of the index. A condition on `type` or `source` leaves the others out: these are the
-- partitions of the windows.
chargements_logs as (

    select * from chargements_comptes
    where source = 'logs'
    order by debut desc

),

chargements_erp as (

    select * from chargements_comptes
    where source = 'erp'
    order by debut desc

),

reunis as (

    select * from chargements_logs
    union all
    select * from chargements_erp
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
        version,
        nb_echecs
    from reunis

)

-- Whoever orders by `debut desc` reads on in this order, and no further than to the limit.
select * from suivi
order by debut desc
