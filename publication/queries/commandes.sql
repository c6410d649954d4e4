-- The shutter orders that were planned last, with the pieces that centres made of them. An order with a planning entry in the
-- future, which is a mistake, is left out. Without numbers of orders in labels, `marts.commandes_volets_avancement` is empty.

with commandes as (

    select *
    from marts.commandes_volets
    where date_modification < current_date + 2
    order by date_modification desc, id_commande asc
    limit 200

),

avancement as (

    select
        id_commande,
        sum(pieces) as pieces,
        max(derniere_piece) as derniere_piece,
        string_agg(centre || ' ' || pieces, ', ' order by centre) as pieces_par_centre
    from marts.commandes_volets_avancement
    where id_commande in (select commandes.id_commande from commandes)
    group by id_commande

)

select
    coalesce(concat_ws(' ', commandes.numero_commande, nullif(commandes.extension, '')), commandes.id_commande) as commande,
    left(commandes.affaire, 200) as affaire,
    commandes.statut,
    commandes.semaine_prevue as semaine,
    avancement.pieces,
    avancement.pieces_par_centre,
    avancement.derniere_piece,
    commandes.date_modification,
    left(concat_ws(' – ', commandes.code_accessoire, nullif(commandes.description_accessoire, '')), 200) as premier_accessoire,
    left(concat_ws(' – ', commandes.numero_operation, nullif(commandes.description_operation, '')), 200) as premiere_operation
from commandes
left join avancement on commandes.id_commande = avancement.id_commande
order by commandes.date_modification desc, commandes.id_commande asc
