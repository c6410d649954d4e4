-- The orders' operations, texts repaired. One row per operation; one may stand there more than once, or have no order.

with source as (

    select * from {{ source('erp', 'a_vorgang') }}

),

repare as (

    select
        id_a_kopf as id_commande,
        {{ reparer_texte('nummer') }} as numero_operation,
        {{ reparer_texte('bezeichnung') }} as description_operation,
        _loaded_at as charge_le
    from source

)

select * from repare
