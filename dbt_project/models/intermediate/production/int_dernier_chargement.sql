-- When the last load of log files began, by the factory's clock; now, if there was none, or if `maintenant` is a fixed time before
-- it. One row.

{{ config(materialized='ephemeral') }}

with executions as (

    select * from {{ ref('stg_chargements__executions') }}
    where source = 'logs' and resultat in ('ok', 'partial')

),

dernier_chargement as (

    select
        least(max(commencee_le), {{ maintenant() }}) at time zone '{{ var("fuseau_horaire") }}' as commence_le
    from executions

)

select * from dernier_chargement
