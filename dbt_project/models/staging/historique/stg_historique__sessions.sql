-- The sessions as the last build of them left them, with the files that they came from. One row per session and file.

with source as (

    select * from {{ source('historique', 'sessions_connues') }}

),

sessions as (

    select
        source.session_id,
        source.dossier,
        source.date_production,
        fichiers.fichier
    from source
    cross join lateral jsonb_object_keys(source.fichiers) as fichiers (fichier)

)

select * from sessions
