-- The planned shutter orders by the week that they are planned for: the last twenty weeks that have any.

with semaines_des_sites as (

    select semaine_prevue
    from marts.commandes_volets
    where semaine_prevue is not null
    group by site, semaine_prevue

),

dernieres as (

    select distinct semaine_prevue
    from semaines_des_sites
    order by semaine_prevue desc
    limit 20

),

semaines as (

    select
        semaine_prevue as semaine,
        count(*) as commandes,
        string_agg(
            coalesce(concat_ws(' ', numero_commande, nullif(extension, '')), id_commande), ', ' order by numero_commande
        ) as numeros
    from marts.commandes_volets
    where semaine_prevue >= (select min(dernieres.semaine_prevue) from dernieres)
    group by semaine_prevue

)

select
    semaine,
    commandes,
    left(numeros, 500) as numeros
from semaines
order by semaine
