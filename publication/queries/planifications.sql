-- The planning entries of the last twelve months, for the shutter orders that were planned last.

with commandes as (

    select *
    from marts.commandes_volets
    where date_modification < current_date + 2
    order by date_modification desc, id_commande asc
    limit 30

)

select
    coalesce(concat_ws(' ', commandes.numero_commande, nullif(commandes.extension, '')), commandes.id_commande) as commande,
    left(commandes.affaire, 200) as affaire,
    planifications.date_modification as planifiee_le,
    planifications.date_modification = commandes.date_modification as derniere,
    left(planifications.note, 200) as note
from commandes
inner join marts.commandes_volets_planifications as planifications on commandes.id_commande = planifications.id_commande
where planifications.date_modification between commandes.date_modification - interval '1 year' and commandes.date_modification
order by commandes.date_modification desc, commandes.id_commande asc, planifications.date_modification asc
