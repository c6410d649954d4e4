-- Quelles commandes de volets sont planifiées sans que l'ERP leur connaisse une opération ? Une ligne par commande, la dernière
-- planifiée d'abord. À corriger dans l'ERP : la commande se complète alors d'elle-même au chargement suivant.

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

operations as (

    select * from {{ ref('commandes_volets_operations') }}

),

planifications as (

    select
        id_commande,
        count(*) as nb_planifications
    from {{ ref('commandes_volets_planifications') }}
    group by id_commande

)

select
    commandes.id_commande,
    commandes.numero_commande,
    commandes.extension,
    commandes.affaire,
    commandes.statut,
    commandes.date_modification as derniere_planification,
    planifications.nb_planifications
from commandes
inner join planifications on commandes.id_commande = planifications.id_commande
where
    not exists (
        select 1 from operations
        where operations.id_commande = commandes.id_commande
    )
order by derniere_planification desc nulls last, commandes.id_commande asc
