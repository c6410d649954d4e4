-- Combien de commandes de volets attendent d'être planifiées, et depuis quand ? Une ligne par tranche d'âge et statut, les plus
-- anciennes d'abord. L'âge est celui de la première entrée du journal ; sans date valable, une commande est à la ligne sans âge.

with commandes as (

    select
        *,
        case
            when age_jours < 7 then 'moins d''une semaine'
            when age_jours < 14 then 'une semaine'
            when age_jours < 28 then 'deux ou trois semaines'
            when age_jours >= 28 then 'quatre semaines ou plus'
        end as age
    from {{ ref('commandes_volets_a_planifier') }}

)

select
    age,
    nullif(statut, '') as statut,
    count(*) as commandes,
    sum(nombre_accessoires) as accessoires_de_volet,
    max(age_jours) as age_maximal_jours,
    (array_agg(numero_commande order by age_jours desc, id_commande asc))[1] as commande_la_plus_ancienne
from commandes
group by age, nullif(statut, '')
order by age_maximal_jours desc nulls last, statut asc
