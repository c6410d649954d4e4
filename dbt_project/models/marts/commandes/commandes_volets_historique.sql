-- The planned shutter orders as they were, change after change. One row per order and version.

-- depends_on: {{ ref('int_commandes_versions') }}
{{ config(
    unique_key='id',
    meta={'perimetre': {'modele': 'int_commandes_versions', 'condition': 'cible.id_commande = perimetre.cle'}},
    indexes=[{'columns': ['id_commande']}],
) }}

with versions as (

    select * from {{ ref('commandes_volets_versions') }}

),

historique as (

    select
        {{ cle(['versions.id_commande', 'extract(epoch from versions.dbt_valid_from)']) }} as id,
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
        versions.dbt_valid_from as valide_du,
        versions.dbt_valid_to as valide_au,
        versions.dbt_valid_to is null as est_actuelle
    from {{ perimetre() }}
    inner join versions on perimetre.cle = versions.id_commande

)

select * from historique
