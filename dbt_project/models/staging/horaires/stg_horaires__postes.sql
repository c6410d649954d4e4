-- The shifts that are declared, and what is wrong with a line. One row per line of postes.csv that is not empty.

with lignes as (

    select * from {{ ref('stg_horaires__lignes') }}
    where fichier = 'postes'

),

recouvrements as (

    select
        lignes.ligne,
        min(precedentes.ligne) as precedente
    from lignes
    inner join lignes as precedentes
        on lignes.ligne > precedentes.ligne
        and lignes.centre is not distinct from precedentes.centre
        and lignes.semaine && precedentes.semaine
        and lignes.validite && precedentes.validite
    where lignes.erreur is null and precedentes.erreur is null
    group by lignes.ligne

)

select
    lignes.ligne,
    lignes.centre,
    lignes.premier_jour,
    lignes.dernier_jour,
    lignes.poste,
    lignes.debut,
    lignes.fin,
    lignes.valable_du,
    lignes.valable_au,
    coalesce(
        lignes.erreur,
        'recouvre le poste de la ligne ' || recouvrements.precedente || ' : changer les jours, les heures ou les dates'
    ) as erreur
from lignes
left join recouvrements on lignes.ligne = recouvrements.ligne
