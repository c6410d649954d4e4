-- The operations of the planned shutter orders, without repeats. One row per order and operation.

{{ config(unique_key='id', meta={'scope': {'worklist': 'int_erp_a_lire'}}, indexes=[{'columns': ['id_commande']}]) }}

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

operations as (

    select * from {{ ref('stg_erp__a_vorgang') }}

),

operations_des_commandes as (

    select distinct
        {{ cle(['commandes.id_commande', 'operations.numero_operation', 'operations.description_operation']) }} as id,
        commandes.id_commande,
        operations.numero_operation,
        operations.description_operation
    from commandes
    inner join operations on commandes.id_commande = operations.id_commande
    where exists (select 1 from {{ ref('int_erp_a_lire') }})

)

select * from operations_des_commandes
