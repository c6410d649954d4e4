-- The sessions: a centre's production days, with the files that feed them. One row per session. `empreinte` changes whenever
-- something that its figures are made from does.

with centres as (

    select * from {{ ref('centres') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

sessions as (

    select
        fichiers_jours.session_id,
        fichiers_jours.session_id::text as cle,
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
    where fichiers_jours.session_id is not null
    group by fichiers_jours.session_id, fichiers_jours.dossier, fichiers_jours.date_production

)

select * from sessions
