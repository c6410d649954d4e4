-- The accessories that make an order a shutter order. One row per accessory.

{{ config(materialized='table') }}

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
        {{ comparable('code_accessoire') }} like 'vr%'
        or {{ comparable('code_accessoire') }} like 'sop%'
        or {{ comparable('code_accessoire') }} like 's p%'

)

select * from accessoires_volets
