-- The journal entries that plan an order. One row per entry.

-- depends_on: {{ ref('int_erp') }}
{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    meta={'perimetre': {'modele': 'int_erp', 'condition': 'true'}},
    pre_hook="{{ ouvrir_perimetre() }}",
    post_hook="{{ clore_perimetre() }}",
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
        exists (select 1 from {{ perimetre() }})
        and {{ comparable('note') }} like '%cde planifiee%'

)

select * from planifications
