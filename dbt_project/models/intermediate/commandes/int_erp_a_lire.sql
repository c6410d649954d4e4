-- Worklist: whether the ERP has changed. If any of its four tables has, all models made from them are rebuilt. One row, or none.
-- The loader writes only rows that differ: a table with the same row count and latest time of loading is unchanged.

{{ config(
    materialized='incremental',
    unique_key='key',
    meta={'worklist': true},
    post_hook='{{ mark_pending() }}',
) }}

with tables_lues as (

    select
        'a_kopf' as nom,
        charge_le
    from {{ ref('stg_erp__a_kopf') }}
    union all
    select
        'a_logbuch' as nom,
        charge_le
    from {{ ref('stg_erp__a_logbuch') }}
    union all
    select
        'p_zubeh' as nom,
        charge_le
    from {{ ref('stg_erp__p_zubeh') }}
    union all
    select
        'a_vorgang' as nom,
        charge_le
    from {{ ref('stg_erp__a_vorgang') }}

),

comptees as (

    select
        nom,
        count(*) as nb,
        extract(epoch from max(charge_le)) as charge_le
    from tables_lues
    group by nom

),

state as (

    select
        key,
        fingerprint
    from {{ source('platform', 'worklist_state') }}
    where worklist = 'int_erp_a_lire'

),

wanted as (

    select
        'erp' as key,
        coalesce(string_agg(nom || ' ' || nb || ' ' || charge_le, ', ' order by nom collate "C"), 'vide')
        || ' {{ var("version_modeles") }}' as fingerprint
    from comptees

)

select
    wanted.key,
    wanted.fingerprint
from wanted
left join state on wanted.key = state.key
where {{ is_to_be_made('wanted', 'state') }}
