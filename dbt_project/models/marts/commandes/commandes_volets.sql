-- The planned shutter orders. One row per order.

{{ config(unique_key='id_commande', meta={'scope': {'worklist': 'int_erp_a_lire'}}) }}

with commandes as (

    select * from {{ ref('int_commandes_volets') }}

),

commandes_volets as (

    select
        id_commande::varchar(32) as id_commande,
        numero_commande,
        extension,
        statut,
        affaire,
        date_modification,
        semaine_prevue,
        code_accessoire,
        description_accessoire,
        numero_operation,
        description_operation,
        date_synchronisation
    from commandes
    where exists (select 1 from {{ ref('int_erp_a_lire') }})

)

select * from commandes_volets
