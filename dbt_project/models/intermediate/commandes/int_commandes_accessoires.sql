-- The accessories that make an order a shutter order. One row per accessory.

-- depends_on: {{ ref('int_erp') }}
{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    meta={'perimetre': {'modele': 'int_erp', 'condition': 'true'}},
    pre_hook="{{ ouvrir_perimetre() }}",
    post_hook="{{ clore_perimetre() }}",
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
        exists (select 1 from {{ perimetre() }})
        and (
            {{ comparable('code_accessoire') }} like 'vr%'
            or {{ comparable('code_accessoire') }} like 'sop%'
            or {{ comparable('code_accessoire') }} like 's p%'
        )

)

select * from accessoires_volets
