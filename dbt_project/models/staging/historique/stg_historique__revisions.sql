-- The figures of past sessions that have changed. One row per session, column and change.

with source as (

    select * from {{ source('historique', 'revisions') }}

),

revisions as (

    select
        id,
        session_id,
        dossier,
        date_production,
        colonne,
        ancienne_valeur,
        nouvelle_valeur,
        cause,
        fichiers,
        execution_id,
        charge_le,
        revisee_le
    from source

)

select * from revisions
