-- The shutter orders to be planned, the oldest first. `en_tout` is how many there are in all.

select
    coalesce(concat_ws(' ', numero_commande, nullif(extension, '')), id_commande) as commande,
    left(affaire, 200) as affaire,
    statut,
    age_jours,
    premiere_entree,
    left(concat_ws(' – ', code_accessoire, nullif(description_accessoire, '')), 200) as premier_accessoire,
    nombre_accessoires,
    left(derniere_note, 200) as derniere_note,
    count(*) over () as en_tout
from marts.commandes_volets_a_planifier
order by age_jours desc nulls last, numero_commande asc nulls last, id_commande asc
limit 200
