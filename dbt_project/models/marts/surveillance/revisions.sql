-- The figures of past sessions that have changed after the fact. One row per session, column and change. Rows are added when a change is
-- seen, and stay as they are.

{{ config(incremental_strategy='append', indexes=[{'columns': ['session_id']}]) }}

with sessions_versions as (

    select
        *,
        lag(dbt_scd_id) over (partition by session_id order by dbt_valid_from) as version_precedente
    from {{ ref('sessions_versions') }}

),

-- Only the versions that follow another are looked into.
suivantes as (

    select
        nouvelles.session_id,
        nouvelles.dossier,
        nouvelles.date_production,
        nouvelles.existe,
        nouvelles.versions,
        nouvelles.debut_journee,
        nouvelles.dbt_scd_id,
        nouvelles.dbt_valid_from,
        precedentes.existe as existait,
        precedentes.versions as anciennes_versions,
        precedentes.debut_journee as ancien_debut,
        precedentes.dbt_valid_from::timestamptz as vue_le,
        to_jsonb(nouvelles) - array['version_precedente'] as chiffres,
        to_jsonb(precedentes) as anciens_chiffres
    from sessions_versions as nouvelles
    inner join {{ ref('sessions_versions') }} as precedentes on nouvelles.version_precedente = precedentes.dbt_scd_id
    {% if is_incremental() -%}
        where nouvelles.dbt_valid_from::timestamptz > (select coalesce(max(revisee_le), '-infinity') from {{ this }})
    {%- endif %}

),

changees as (

    select
        suivantes.*,
        chiffres - autres.colonnes as chiffres_seuls,
        anciens_chiffres - autres.colonnes as anciens_chiffres_seuls
    from suivantes
    cross join (
        values (array[
            'session_id', 'dossier', 'date_production', 'existe', 'versions', 'debut_journee', 'dbt_scd_id', 'dbt_updated_at',
            'dbt_valid_from', 'dbt_valid_to'
        ])
    ) as autres (colonnes)
    where chiffres - autres.colonnes is distinct from anciens_chiffres - autres.colonnes

),

fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

executions as (

    select * from {{ ref('stg_chargements__executions') }}
    where source = 'logs'

),

-- A file has changed if its version has. One that has left the session is held against its version of now: with a centre, or where the
-- production day was moved, files leave and join as they were.
fichiers_changes as (

    select
        changees.dbt_scd_id,
        string_agg(listes.fichier, ', ' order by listes.fichier collate "C") as fichiers,
        max(fichiers.charge_le) as charge_le
    from changees
    cross join lateral (
        select
            coalesce(anciens.fichier, nouveaux.fichier) as fichier,
            anciens.version as ancienne,
            nouveaux.version as nouvelle
        from (
            select
                regexp_replace(ligne, ' [^ ]+ [^ ]+$', '') as fichier,
                split_part(ligne, ' ', -2) as version
            from string_to_table(changees.anciennes_versions, e'\n') as lignes (ligne)
        ) as anciens
        full join (
            select
                regexp_replace(ligne, ' [^ ]+ [^ ]+$', '') as fichier,
                split_part(ligne, ' ', -2) as version
            from string_to_table(changees.versions, e'\n') as lignes (ligne)
        ) as nouveaux
            on anciens.fichier = nouveaux.fichier
    ) as listes
    left join fichiers on listes.fichier = fichiers.dossier || '/' || fichiers.fichier
    where
        case
            when listes.ancienne is not null
                then listes.ancienne is distinct from coalesce(listes.nouvelle, extract(epoch from fichiers.charge_le)::text)
            else (changees.existait and changees.ancien_debut = changees.debut_journee) or fichiers.charge_le > changees.vue_le
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
        ('x' || left(md5(causees.dbt_scd_id || chiffres.colonne), 15))::bit(60)::bigint as id,
        causees.session_id,
        causees.dossier,
        causees.date_production,
        chiffres.colonne,
        chiffres.ancienne_valeur,
        chiffres.nouvelle_valeur,
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
    cross join lateral (
        select
            anciens.key as colonne,
            anciens.value as ancienne_valeur,
            nouveaux.value as nouvelle_valeur
        from jsonb_each_text(causees.anciens_chiffres_seuls) as anciens
        inner join jsonb_each_text(causees.chiffres_seuls) as nouveaux on anciens.key = nouveaux.key
        where anciens.value is distinct from nouveaux.value
    ) as chiffres
    -- A column that a new version of the models adds is no change of a figure.
    where not (causees.cause = 'modele' and chiffres.ancienne_valeur is null)

)

select * from revisions
