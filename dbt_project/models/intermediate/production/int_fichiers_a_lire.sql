-- Worklist: the files to read, because they are new, have changed since they were read, or are gone. One row per file.

{{ config(
    materialized='incremental',
    unique_key='key',
    meta={'worklist': true},
    post_hook='{{ mark_pending() }}',
) }}

with fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

state as (

    select
        key,
        fingerprint
    from {{ source('platform', 'worklist_state') }}
    where worklist = 'int_fichiers_a_lire'

),

wanted as (

    select
        dossier || '/' || fichier as key,
        -- The version of a file is its time of loading, which also differs after the schema raw was dropped and loaded again.
        extract(epoch from charge_le) || ' {{ var("version_lecture") }}'
        || case when purge_le is not null then ' purged' else '' end as fingerprint
    from fichiers

),

built as (

    select * from state
    where key != ''

),

a_lire as (

    select
        coalesce(wanted.key, built.key) as key,
        wanted.fingerprint
    from wanted
    full join built on wanted.key = built.key
    where
        {{ is_to_be_made('wanted', 'built') }}
        -- What was read from purged lines stays, even if the ledger has lost the file.
        and (wanted.key is not null or built.fingerprint not like '% purged')

)

select
    key,
    fingerprint,
    md5(key)::uuid as fichier_id,
    split_part(key, '/', 1) as dossier,
    split_part(key, '/', 2) as fichier,
    coalesce(fingerprint like '% purged', false) as purge
from a_lire
