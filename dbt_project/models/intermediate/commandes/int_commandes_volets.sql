-- The planned shutter orders: those with a shutter accessory and a journal entry that plans them, each with its latest planning,
-- its first accessory and its first operation. One row per order.

{{ config(materialized='ephemeral') }}

with commandes as (

    select * from {{ ref('stg_erp__a_kopf') }}

),

planifications as (

    select * from {{ ref('int_commandes_planifications') }}

),

accessoires as (

    select * from {{ ref('int_commandes_accessoires') }}

),

operations as (

    select * from {{ ref('stg_erp__a_vorgang') }}

),

dernieres_planifications as (

    select distinct on (id_commande)
        id_commande,
        date_modification,
        semaine_prevue,
        charge_le
    from planifications
    order by id_commande asc, date_modification desc nulls last, note collate "C" desc, charge_le desc

),

premiers_accessoires as (

    select distinct on (id_commande)
        id_commande,
        code_accessoire,
        description_accessoire,
        charge_le
    from accessoires
    order by id_commande asc, code_accessoire collate "C" asc, description_accessoire collate "C" asc, charge_le desc

),

premieres_operations as (

    select distinct on (id_commande)
        id_commande,
        numero_operation,
        description_operation,
        charge_le
    from operations
    order by
        id_commande asc,
        -- Whole numbers first, compared as numbers.
        numero_entier asc,
        numero_operation collate "C" asc,
        description_operation collate "C" asc,
        charge_le desc

),

commandes_volets as (

    select
        commandes.id_commande,
        commandes.numero_commande,
        commandes.extension,
        commandes.statut,
        commandes.affaire,
        dernieres_planifications.date_modification,
        dernieres_planifications.semaine_prevue,
        premiers_accessoires.code_accessoire,
        premiers_accessoires.description_accessoire,
        premieres_operations.numero_operation,
        premieres_operations.description_operation,
        greatest(
            commandes.charge_le,
            dernieres_planifications.charge_le,
            premiers_accessoires.charge_le,
            premieres_operations.charge_le
        ) as date_synchronisation
    from commandes
    inner join dernieres_planifications on commandes.id_commande = dernieres_planifications.id_commande
    inner join premiers_accessoires on commandes.id_commande = premiers_accessoires.id_commande
    left join premieres_operations on commandes.id_commande = premieres_operations.id_commande
    -- The mart's key has 32 characters. A longer id is left out: cut, it could equal another one. `valeurs_erp_lisibles` warns.
    where length(commandes.id_commande) <= 32

)

select * from commandes_volets
