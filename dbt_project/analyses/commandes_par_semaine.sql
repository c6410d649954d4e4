-- Combien de commandes de volets planifie-t-on par semaine, et pour quelle semaine ? Une ligne par semaine ISO. Les premières
-- colonnes comptent les commandes à la semaine de leur dernière planification, `prevues_pour_la_semaine` à celle que sa note nomme.
-- Sans date valable dans l'ERP, ou sans semaine dans la note, une commande est à la ligne sans semaine.

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

),

semaines as (

    select
        to_char(date_modification, 'IYYY-"S"IW') as semaine,
        true as est_planifiee,
        *
    from commandes
    union all
    select
        to_char(semaine_prevue, 'IYYY-"S"IW') as semaine,
        false as est_planifiee,
        *
    from commandes

)

select
    semaines.semaine,
    count(*) filter (where semaines.est_planifiee) as commandes,
    coalesce(sum(accessoires.nb_accessoires) filter (where semaines.est_planifiee), 0) as accessoires_de_volet,
    count(*) filter (where semaines.est_planifiee and planifications.nb_planifications > 1) as planifiees_plusieurs_fois,
    count(*) filter (
        where semaines.est_planifiee and semaines.numero_operation is null and semaines.description_operation is null
    ) as sans_operation,
    count(*) filter (where not semaines.est_planifiee) as prevues_pour_la_semaine
from semaines
inner join accessoires on semaines.id_commande = accessoires.id_commande
inner join planifications on semaines.id_commande = planifications.id_commande
group by semaines.semaine
order by semaines.semaine nulls last
