-- The journal entries that plan an order. One row per entry.

{{ config(materialized='table') }}

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
    where {{ comparable('note') }} like '%cde planifiee%'

)

select * from planifications
