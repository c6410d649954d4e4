-- Où en sont les commandes de volets planifiées, en pièces ? Une ligne par commande, par semaine prévue. Il faut que la variable
-- `numero_commande_motif` soit donnée. Deux commandes au même numéro (extensions A et B) ont les mêmes pièces.

with avancement as (

    select * from {{ ref('commandes_volets_avancement') }}

)

select
    to_char(semaine_prevue, 'IYYY-"S"IW') as semaine_prevue,
    id_commande,
    numero_commande,
    extension,
    affaire,
    statut,
    sum(pieces) as pieces,
    string_agg(centre || ' : ' || pieces, ', ' order by centre) as par_centre,
    min(premiere_piece) as premiere_piece,
    max(derniere_piece) as derniere_piece,
    min(premiere_piece)::date - semaine_prevue as jours_apres_le_lundi_prevu
from avancement
group by avancement.semaine_prevue, id_commande, numero_commande, extension, affaire, statut
order by avancement.semaine_prevue asc nulls last, numero_commande asc, id_commande asc
