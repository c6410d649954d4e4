-- The sessions: a centre's production days, with the files that feed them. One row per session. `empreinte` changes whenever
-- something that its figures are made from does.

with centres as (

    select * from {{ ref('centres') }}

),

fichiers_purges as (

    select * from {{ ref('stg_logs__files') }}
    where purge_le is not null

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

sessions_connues as (

    select * from {{ ref('stg_historique__sessions') }}
    -- Where nothing was ever purged, all of history need not be read to find that nothing is closed.
    where exists (select 1 from fichiers_purges)

),

-- A session that has lost the lines of one file can no more be made anew than one that has lost them all.
sessions_fermees as (

    select distinct
        sessions_connues.session_id,
        sessions_connues.dossier,
        sessions_connues.date_production
    from sessions_connues
    inner join fichiers_purges
        on sessions_connues.dossier = fichiers_purges.dossier and sessions_connues.fichier = fichiers_purges.fichier
    inner join centres on sessions_connues.dossier = centres.dossier

),

sessions_ouvertes as (

    select
        fichiers_jours.session_id,
        fichiers_jours.dossier,
        fichiers_jours.date_production,
        string_agg(
            fichiers_jours.dossier || '/' || fichiers_jours.fichier, ', ' order by fichiers_jours.fichier collate "C"
        ) as fichier_log_source,
        md5(string_agg(
            fichiers_jours.fichier || ' ' || fichiers_jours.empreinte, ', ' order by fichiers_jours.fichier collate "C"
        )) as empreinte
    from fichiers_jours
    inner join centres on fichiers_jours.dossier = centres.dossier
    where
        fichiers_jours.session_id is not null
        and not exists (
            select 1 from sessions_fermees
            where sessions_fermees.session_id = fichiers_jours.session_id
        )
    group by fichiers_jours.session_id, fichiers_jours.dossier, fichiers_jours.date_production

),

sessions as (

    select
        session_id,
        session_id::text as cle,
        dossier,
        date_production,
        fichier_log_source,
        empreinte,
        false as ferme
    from sessions_ouvertes
    union all
    select
        session_id,
        session_id::text as cle,
        dossier,
        date_production,
        null as fichier_log_source,
        'fermée' as empreinte,
        true as ferme
    from sessions_fermees

)

select * from sessions
