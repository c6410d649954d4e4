-- The figures of past sessions that have changed after the fact. One row per session, column and change.

-- The build of the sessions notes the changes:
-- depends_on: {{ ref('session_production') }}
{{ config(incremental_strategy='append', indexes=[{'columns': ['session_id']}]) }}

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
    -- What is noted stays as it is: only what was noted since the last build is new.
    {% if is_incremental() %}where id > (select coalesce(max(revisions.id), 0) from {{ this }} as revisions){% endif %}

)

select * from revisions
