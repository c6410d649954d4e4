-- The shutter accessories of the planned shutter orders, without repeats. One row per order and accessory.

{{ config(unique_key='id', meta={'scope': {'worklist': 'int_erp_a_lire'}}, indexes=[{'columns': ['id_commande']}]) }}

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

accessoires as (

    select * from {{ ref('int_commandes_accessoires') }}

),

accessoires_des_commandes as (

    select distinct
        {{ cle(['commandes.id_commande', 'accessoires.code_accessoire', 'accessoires.description_accessoire']) }} as id,
        commandes.id_commande,
        accessoires.code_accessoire,
        accessoires.description_accessoire
    from commandes
    inner join accessoires on commandes.id_commande = accessoires.id_commande
    where exists (select 1 from {{ ref('int_erp_a_lire') }})

)

select * from accessoires_des_commandes
