-- The accessories that make an order a shutter order. One row per accessory.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
) }}

with accessoires as (

    select * from {{ ref('stg_erp__p_zubeh') }}

),

accessoires_volets as (

    select
        id_commande,
        code_accessoire,
        description_accessoire,
        charge_le
    from accessoires
    where
        exists (select 1 from {{ ref('int_erp_a_lire') }})
        and (
            {{ comparable('code_accessoire') }} like 'vr%'
            or {{ comparable('code_accessoire') }} like 'sop%'
            or {{ comparable('code_accessoire') }} like 's p%'
        )

)

select * from accessoires_volets
