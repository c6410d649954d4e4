-- The machining centres, as the seed declares them. One row per centre.

-- Which centres must not go:
-- depends_on: {{ ref('stg_logs__files') }} {{ ref('stg_historique__sessions') }}
{{ config(unique_key='id', pre_hook='{{ garder_centres() }}') }}

with centres as (

    select * from {{ ref('centres') }}

),

centres_usinage as (

    select
        {{ cle(['dossier']) }} as id,
        nom::text as nom,
        type_cu::text as type_cu,
        dossier::text as dossier,
        description::text as description,
        actif::boolean as actif
    from centres

)

select * from centres_usinage
