-- The journal entries that plan the shutter orders, without repeats. One row per order and entry.

{{ config(unique_key='id', meta={'scope': {'worklist': 'int_erp_a_lire'}}, indexes=[{'columns': ['id_commande']}]) }}

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

planifications as (

    select * from {{ ref('int_commandes_planifications') }}

),

planifications_des_commandes as (

    select distinct
        {{ cle(['commandes.id_commande', 'planifications.date_modification', 'planifications.note']) }} as id,
        commandes.id_commande,
        planifications.date_modification,
        planifications.note,
        planifications.semaine_prevue
    from commandes
    inner join planifications on commandes.id_commande = planifications.id_commande
    where exists (select 1 from {{ ref('int_erp_a_lire') }})

)

select * from planifications_des_commandes
