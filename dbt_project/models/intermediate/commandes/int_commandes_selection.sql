-- How many orders are left after each step of the selection of shutter orders. One row per step.

with commandes as (

    select * from {{ ref('stg_erp__a_kopf') }}

),

accessoires as (

    select * from {{ ref('int_commandes_accessoires') }}

),

planifications as (

    select * from {{ ref('int_commandes_planifications') }}

),

commandes_volets as (

    select * from {{ ref('int_commandes_volets') }}

),

etapes as (

    select
        1 as rang,
        'a_kopf' as etape,
        count(*) as nb_commandes
    from commandes

    union all

    select
        2 as rang,
        'accessoire de volet' as etape,
        count(*) as nb_commandes
    from commandes
    where commandes.id_commande in (select accessoires.id_commande from accessoires)

    union all

    select
        3 as rang,
        'planification' as etape,
        count(*) as nb_commandes
    from commandes
    where commandes.id_commande in (select planifications.id_commande from planifications)

    union all

    select
        4 as rang,
        'commandes_volets' as etape,
        count(*) as nb_commandes
    from commandes_volets

)

select * from etapes
