-- The breaks that are declared, and what is wrong with a line. One row per line of pauses.csv that is not empty.

with lignes as (

    select * from {{ ref('stg_horaires__lignes') }}
    where fichier = 'pauses'

),

postes as (

    select * from {{ ref('stg_horaires__postes') }}
    where erreur is null

),

centres_a_postes as (

    select distinct centre from postes
    where centre is not null

),

-- A break of all centres may be in any centre's shift; one of a centre is in a shift of all centres only if the centre has none of
-- its own. What begins before the shift begins on the next day.
dans_un_poste as (

    select distinct lignes.ligne
    from lignes
    inner join postes
        on (lignes.poste is null or lignes.poste = postes.poste)
        and lignes.premier_jour <= postes.dernier_jour
        and lignes.dernier_jour >= postes.premier_jour
        and lignes.validite && daterange(postes.valable_du, postes.valable_au, '[]')
        and lignes.fin <= postes.fin - case when lignes.debut < postes.debut then interval '24 hours' else interval '0' end
    left join centres_a_postes on lignes.centre = centres_a_postes.centre
    where
        lignes.centre is null
        or lignes.centre = postes.centre
        or (postes.centre is null and centres_a_postes.centre is null)

),

recouvrements as (

    select
        lignes.ligne,
        min(precedentes.ligne) as precedente
    from lignes
    inner join lignes as precedentes
        on lignes.ligne > precedentes.ligne
        and lignes.centre is not distinct from precedentes.centre
        and (lignes.poste = precedentes.poste or lignes.poste is null or precedentes.poste is null)
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
        'recouvre la pause de la ligne ' || recouvrements.precedente || ' : changer le poste, les jours, les heures ou les dates',
        case
            when dans_un_poste.ligne is null
                then 'ne tient dans aucun poste de postes.csv : changer le poste, les jours, les heures ou les dates'
        end
    ) as erreur
from lignes
left join recouvrements on lignes.ligne = recouvrements.ligne
left join dans_un_poste on lignes.ligne = dans_un_poste.ligne
