-- The orders of which versions are kept. One row per order; `empreinte` changes whenever a version begins or ends.

with versions as (

    select * from {{ ref('commandes_volets_versions') }}

),

commandes as (

    select
        id_commande as cle,
        concat_ws(' ', count(*), extract(epoch from max(dbt_valid_from)), extract(epoch from max(dbt_valid_to))) as empreinte
    from versions
    group by id_commande

)

select * from commandes
