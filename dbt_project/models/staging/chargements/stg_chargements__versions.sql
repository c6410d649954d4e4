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

-- When a day is finished, it is compared with others; some hours later it is past, by the rule of `sessions_versions`, and its
-- figures are recorded.
journees as (

    select
        dernier_chargement.commence_le::date as en_cours,
        (dernier_chargement.commence_le - {{ var('revision_apres_heures') | int }} * interval '1 hour')::date as pas_encore_passee
    from (
        select max(started_at) at time zone '{{ var("fuseau_horaire") }}' - interval '{{ var("debut_journee") }}' as commence_le
        from executions
    ) as dernier_chargement

),

logs as (

    select
        'logs' as source,
        concat_ws(
            ' ', max(file_version), count(*), count(purged_at),
            (select journees.en_cours || ' ' || journees.pas_encore_passee from journees)
        ) as version
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
