-- The figures of past sessions that have changed after the fact. One row per session, column and change.

-- The build of the sessions notes the changes:
-- depends_on: {{ ref('session_production') }}
{{ config(unique_key='id', indexes=[{'columns': ['session_id']}]) }}

with toutes_revisions as (

    select * from {{ ref('stg_historique__revisions') }}

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
    from toutes_revisions

)

select * from revisions
