-- The last run of each loader has ended, without a failure.

{{ config(severity='warn') }}

with executions as (

    select * from {{ source('chargements', 'load_runs') }}

),

terminees as (

    select
        *,
        row_number() over (partition by source order by run_id desc) as rang
    from executions
    where outcome != 'running'

),

dernieres as (

    select
        source,
        run_id,
        started_at,
        ended_at,
        outcome,
        failed,
        error
    from terminees
    where rang = 1

)

select * from dernieres
where outcome != 'ok'
