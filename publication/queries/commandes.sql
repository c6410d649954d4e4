-- The shutter orders that have been planned last. One with a planning entry that is yet to come, which is a mistake, is left out.

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
