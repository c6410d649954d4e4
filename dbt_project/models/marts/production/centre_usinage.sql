-- The machining centres, as the seed declares them. One row per centre.

-- If a centre is gone, its sessions are deleted with it. Their state becomes `pending`, so that they are rebuilt if it returns.
{{ config(unique_key='id', post_hook="""
    update intermediate.worklist_state set fingerprint = 'pending'
    where
        worklist = 'int_sessions_a_construire'
        and key != ''
        and fingerprint not like 'pending%'
        and left(key, -11) not in (select dossier from {{ this }})
""") }}

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
