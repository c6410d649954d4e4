{% snapshot commandes_volets_versions %}
-- The versions of the planned shutter orders. If all orders are gone at once, the ERP is taken to be empty for a moment, and no
-- version is ended.
{{ config(
    schema='historique',
    group='commandes',
    unique_key='id_commande',
    strategy='check',
    check_cols=[
        'numero_commande', 'extension', 'statut', 'affaire', 'date_modification', 'code_accessoire', 'description_accessoire',
        'numero_operation', 'description_operation',
    ],
    hard_deletes='invalidate',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
    indexes=[{'columns': ['id_commande']}, {'columns': ['dbt_valid_to']}],
) }}
{%- set colonnes -%}
    id_commande, numero_commande, extension, statut, affaire, date_modification, code_accessoire, description_accessoire,
    numero_operation, description_operation, date_synchronisation
{%- endset %}

select {{ colonnes }} from {{ ref('commandes_volets') }}
{%- if execute and load_relation(this) is not none %}
union all
select {{ colonnes }} from {{ this }}
where dbt_valid_to is null and not exists (select 1 from {{ ref('commandes_volets') }})
{%- endif %}
{% endsnapshot %}
