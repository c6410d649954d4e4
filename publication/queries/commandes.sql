-- The shutter orders that were planned last. An order with a planning entry in the future, which is a mistake, is left out.

select
    coalesce(concat_ws(' ', numero_commande, nullif(extension, '')), id_commande) as commande,
    left(affaire, 200) as affaire,
    statut,
    date_modification,
    left(concat_ws(' – ', code_accessoire, nullif(description_accessoire, '')), 200) as premier_accessoire,
    left(concat_ws(' – ', numero_operation, nullif(description_operation, '')), 200) as premiere_operation
from marts.commandes_volets
where date_modification < current_date + 2
order by date_modification desc, id_commande asc
limit 30
