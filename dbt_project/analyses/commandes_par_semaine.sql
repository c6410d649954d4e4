-- Combien de commandes de volets planifie-t-on par semaine ? Une ligne par semaine ISO de la dernière planification. Une commande
-- replanifiée compte à sa dernière date seulement ; sans date valable dans l'ERP, elle est à la ligne sans semaine.

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

accessoires as (

    select
        id_commande,
        count(*) as nb_accessoires
    from {{ ref('commandes_volets_accessoires') }}
    group by id_commande

),

planifications as (

    select
        id_commande,
        count(*) as nb_planifications
    from {{ ref('commandes_volets_planifications') }}
    group by id_commande

)

select
    to_char(commandes.date_modification, 'IYYY-"S"IW') as semaine,
    count(*) as commandes,
    sum(accessoires.nb_accessoires) as accessoires_de_volet,
    count(*) filter (where planifications.nb_planifications > 1) as planifiees_plusieurs_fois,
    count(*) filter (where commandes.numero_operation is null and commandes.description_operation is null) as sans_operation
from commandes
inner join accessoires on commandes.id_commande = accessoires.id_commande
inner join planifications on commandes.id_commande = planifications.id_commande
group by to_char(commandes.date_modification, 'IYYY-"S"IW')
order by semaine nulls last
