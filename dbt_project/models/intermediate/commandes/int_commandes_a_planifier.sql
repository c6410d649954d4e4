-- The shutter orders that no journal entry plans, each with its first accessory and what its journal says. One row per order.

{{ config(
    materialized='incremental',
    unique_key='id_commande',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
) }}

with commandes as (

    select * from {{ ref('stg_erp__a_kopf') }}

),

accessoires as (

    select * from {{ ref('int_commandes_accessoires') }}

),

planifications as (

    select * from {{ ref('int_commandes_planifications') }}

),

journal as (

    select * from {{ ref('stg_erp__a_logbuch') }}

),

premiers_accessoires as (

    select distinct on (id_commande)
        id_commande,
        code_accessoire,
        description_accessoire
    from accessoires
    order by id_commande asc, code_accessoire collate "C" asc, description_accessoire collate "C" asc

),

accessoires_comptes as (

    select
        id_commande,
        count(distinct row(code_accessoire, description_accessoire)) as nombre_accessoires,
        max(charge_le) as charge_le
    from accessoires
    group by id_commande

),

a_planifier as (

    select
        commandes.*,
        premiers_accessoires.code_accessoire,
        premiers_accessoires.description_accessoire
    from commandes
    inner join premiers_accessoires on commandes.id_commande = premiers_accessoires.id_commande
    where
        -- As in int_commandes_volets.
        length(commandes.id_commande) <= 32
        and not exists (
            select 1 from planifications
            where planifications.id_commande = commandes.id_commande
        )

),

entrees as (

    select
        journal.id_commande,
        min(journal.date_entree) as premiere_entree,
        max(journal.date_entree) as derniere_entree,
        (
            array_agg(journal.note order by journal.date_entree desc nulls last, journal.note collate "C" desc nulls last)
        )[1] as derniere_note,
        max(journal.charge_le) as charge_le
    from journal
    inner join a_planifier on journal.id_commande = a_planifier.id_commande
    group by journal.id_commande

)

select
    a_planifier.id_commande::varchar(32) as id_commande,
    a_planifier.numero_commande,
    a_planifier.extension,
    a_planifier.statut,
    a_planifier.affaire,
    a_planifier.code_accessoire,
    a_planifier.description_accessoire,
    accessoires_comptes.nombre_accessoires::integer as nombre_accessoires,
    entrees.premiere_entree,
    entrees.derniere_entree,
    entrees.derniere_note,
    greatest(a_planifier.charge_le, accessoires_comptes.charge_le, entrees.charge_le) as date_synchronisation
from a_planifier
inner join accessoires_comptes on a_planifier.id_commande = accessoires_comptes.id_commande
left join entrees on a_planifier.id_commande = entrees.id_commande
where exists (select 1 from {{ ref('int_erp_a_lire') }})
