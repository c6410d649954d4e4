-- A version for each source: if none has changed since the last build, there is nothing to build. One row per source.

with fichiers as (

    select * from {{ source('logs', 'log_files') }}

),

tables_erp as (

    select * from {{ source('erp', 'erp_versions') }}

),

executions as (

    select * from {{ source('chargements', 'load_runs') }}
    where source = 'logs' and outcome in ('ok', 'partial')

),

-- The first day that is not past, by the rule of `sessions_versions`: when a day becomes past, its figures have to be recorded.
passe as (

    select
        (
            max(started_at) at time zone '{{ var("fuseau_horaire") }}'
            - interval '{{ var("debut_journee") }}' - {{ var('revision_apres_heures') | int }} * interval '1 hour'
        )::date as premier_jour
    from executions

),

logs as (

    select
        'logs' as source,
        concat_ws(' ', max(file_version), count(*), count(purged_at), (select passe.premier_jour from passe)) as version
    from fichiers

),

erp as (

    select
        'erp' as source,
        string_agg(concat_ws(' ', table_name, version, loaded_at at time zone 'UTC'), ', ' order by table_name) as version
    from tables_erp

)

select * from logs
union all
select * from erp
