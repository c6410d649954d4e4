-- The machining centres, as the seed declares them. One row per centre.

{{ config(unique_key='id', post_hook='{{ forget_sessions_without_a_centre() }}') }}

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
