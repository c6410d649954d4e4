-- The profiles with the most pieces, over all of history.

select
    left(reference, 100) as reference,
    left(couleur, 100) as couleur,
    pieces,
    barres,
    metres,
    temps_cycle_moyen_secondes,
    derniere_utilisation
from marts.production_profil
order by pieces desc, id asc
limit 15
