-- The versions of the planned shutter orders. One row per order and version.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
    indexes=[{'columns': ['id_commande']}],
) }}

with versions as (

    select * from {{ ref('commandes_volets_versions') }}

),

historique as (

    select
        {{ cle(['versions.id_commande', 'extract(epoch from versions.dbt_valid_from::timestamptz)']) }} as id,
        versions.id_commande,
        versions.numero_commande,
        versions.extension,
        versions.statut,
        versions.affaire,
        versions.date_modification,
        versions.code_accessoire,
        versions.description_accessoire,
        versions.numero_operation,
        versions.description_operation,
        versions.date_synchronisation,
        versions.dbt_valid_from::timestamptz as valide_du,
        versions.dbt_valid_to::timestamptz as valide_au,
        versions.dbt_valid_to is null as est_actuelle
    from versions
    where exists (select 1 from {{ ref('int_erp_a_lire') }})

)

select * from historique
