-- The theoretical rates that are declared, and what is wrong with a line. One row per line of cadences.csv that is not empty.

with lignes as (

    select * from {{ ref('stg_horaires__lignes') }}
    where fichier = 'cadences'

),

recouvrements as (

    select
        lignes.ligne,
        min(precedentes.ligne) as precedente
    from lignes
    inner join lignes as precedentes
        on lignes.ligne > precedentes.ligne
        and lignes.centre is not distinct from precedentes.centre
        and lignes.validite && precedentes.validite
    where lignes.erreur is null and precedentes.erreur is null
    group by lignes.ligne

)

select
    lignes.ligne,
    lignes.centre,
    lignes.pieces_par_heure,
    lignes.valable_du,
    lignes.valable_au,
    coalesce(
        lignes.erreur,
        'recouvre la ligne ' || recouvrements.precedente || ' : changer les dates'
    ) as erreur
from lignes
left join recouvrements on lignes.ligne = recouvrements.ligne
