-- The changes of past sessions' figures. One row per session, column and change. Rows are inserted when a build sees a change, and
-- never change.

{{ config(incremental_strategy='append', indexes=[{'columns': ['session_id']}]) }}

with toutes_versions as (

    select * from {{ ref('sessions_versions') }}

),

versions as (

    select
        *,
        lag(dbt_scd_id) over ordre is not null as a_un_passe,
        lag(existe) over ordre as existait,
        lag(versions) over ordre as anciennes_versions,
        lag(debut_journee) over ordre as ancien_debut,
        lag(chiffres) over ordre as anciens_chiffres,
        lag(dbt_valid_from::timestamptz) over ordre as vue_le
    from (
        select
            *,
            to_jsonb(sessions_versions) - array[
                'session_id', 'dossier', 'date_production', 'existe', 'versions', 'debut_journee', 'dbt_scd_id', 'dbt_updated_at',
                'dbt_valid_from', 'dbt_valid_to'
            ] as chiffres
        from toutes_versions as sessions_versions
        -- Only sessions with several versions, because nearly all have one.
        where sessions_versions.session_id in (
            select plusieurs.session_id from toutes_versions as plusieurs
            group by plusieurs.session_id
            having count(*) > 1
        )
    ) as sessions_versions
    window ordre as (partition by session_id order by dbt_valid_from)

),

changees as (

    select * from versions
    where
        a_un_passe
        and chiffres is distinct from anciens_chiffres
        {% if is_incremental() -%}
            and dbt_valid_from::timestamptz > (select coalesce(max(deja_vues.revisee_le), '-infinity') from {{ this }} as deja_vues)
        {%- endif %}

),

fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

executions as (

    select * from {{ ref('stg_chargements__executions') }}
    where source = 'logs'

),

-- The files of a session's version and of the version before it, each with its time of loading, which is the file's version.
fichiers_des_versions as (

    select
        changees.dbt_scd_id,
        listes.est_ancien,
        regexp_replace(listes.ligne, ' [^ ]+ [^ ]+$', '') as fichier,
        split_part(listes.ligne, ' ', -2) as version_fichier
    from changees
    cross join lateral (
        select
            lignes.ligne,
            true as est_ancien
        from string_to_table(changees.anciennes_versions, e'\n') as lignes (ligne)
        union all
        select
            lignes.ligne,
            false as est_ancien
        from string_to_table(changees.versions, e'\n') as lignes (ligne)
    ) as listes

),

fichiers_compares as (

    select
        dbt_scd_id,
        fichier,
        max(version_fichier) filter (where est_ancien) as ancienne,
        max(version_fichier) filter (where not est_ancien) as nouvelle
    from fichiers_des_versions
    group by dbt_scd_id, fichier

),

-- A file has changed if its version has. A file that has left the session is compared with its present version, because it may have
-- left unchanged, with its centre or through another `debut_journee`.
fichiers_changes as (

    select
        changees.dbt_scd_id,
        string_agg(compares.fichier, ', ' order by compares.fichier collate "C") as fichiers,
        max(fichiers.charge_le) as charge_le
    from changees
    inner join fichiers_compares as compares on changees.dbt_scd_id = compares.dbt_scd_id
    left join fichiers on compares.fichier = fichiers.dossier || '/' || fichiers.fichier
    where
        case
            when compares.ancienne is not null
                then
                    compares.ancienne
                    is distinct from coalesce(compares.nouvelle, extract(epoch from fichiers.charge_le)::text)
            else
                fichiers.charge_le > changees.vue_le
                or (changees.existait and changees.ancien_debut = changees.debut_journee)
        end
    group by changees.dbt_scd_id

),

causees as (

    select
        changees.*,
        fichiers_changes.fichiers,
        fichiers_changes.charge_le,
        case
            when fichiers_changes.dbt_scd_id is not null then 'fichier'
            when changees.ancien_debut != changees.debut_journee then 'debut_journee'
            when not (changees.existe and changees.existait) then 'centre'
            else 'modele'
        end as cause
    from changees
    left join fichiers_changes on changees.dbt_scd_id = fichiers_changes.dbt_scd_id

),

revisions as (

    select
        ('x' || left(md5(causees.dbt_scd_id || anciens.colonne), 15))::bit(60)::bigint as id,
        causees.session_id,
        causees.dossier,
        causees.date_production,
        anciens.colonne,
        anciens.valeur as ancienne_valeur,
        causees.chiffres ->> anciens.colonne as nouvelle_valeur,
        causees.cause,
        causees.fichiers,
        (
            select max(executions.execution_id)
            from executions
            where executions.commencee_le <= causees.charge_le
        ) as execution_id,
        causees.charge_le,
        causees.dbt_valid_from::timestamptz as revisee_le
    from causees
    cross join lateral jsonb_each_text(causees.anciens_chiffres) as anciens (colonne, valeur)
    where
        causees.chiffres ->> anciens.colonne is distinct from anciens.valeur
        -- A column that a new version of the models adds is not a change.
        and not (causees.cause = 'modele' and anciens.valeur is null)

)

select * from revisions
