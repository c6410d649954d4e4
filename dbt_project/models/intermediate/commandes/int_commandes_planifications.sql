-- The journal entries that plan an order. One row per entry.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
) }}

with journal as (

    select * from {{ ref('stg_erp__a_logbuch') }}

),

planifications as (

    select
        id_commande,
        date_entree as date_modification,
        note,
        charge_le
    from journal
    where
        exists (select 1 from {{ ref('int_erp_a_lire') }})
        and {{ comparable('note') }} like '%cde planifiee%'

)

select * from planifications
