-- How many rows of the ERP belong to no order. One row per table.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
) }}

with commandes as (

    select * from {{ ref('stg_erp__a_kopf') }}

),

rattachees as (

    select
        'a_logbuch' as nom_table,
        id_commande
    from {{ ref('stg_erp__a_logbuch') }}
    union all
    select
        'p_zubeh' as nom_table,
        id_commande
    from {{ ref('stg_erp__p_zubeh') }}
    union all
    select
        'a_vorgang' as nom_table,
        id_commande
    from {{ ref('stg_erp__a_vorgang') }}

),

orphelines as (

    select
        rattachees.nom_table,
        count(*) filter (where commandes.id_commande is null)::integer as nb_orphelines,
        count(*)::integer as nb_lignes
    from rattachees
    left join commandes on rattachees.id_commande = commandes.id_commande
    where exists (select 1 from {{ ref('int_erp_a_lire') }})
    group by rattachees.nom_table

)

select * from orphelines
