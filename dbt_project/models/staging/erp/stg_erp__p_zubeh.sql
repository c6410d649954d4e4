-- The orders' accessories, texts repaired. One row per accessory; it may be repeated, or have no order.

with source as (

    select * from {{ source('erp', 'p_zubeh') }}

),

repare as (

    select
        id_a_kopf as id_commande,
        {{ reparer_texte('zcode') }} as code_accessoire,
        {{ reparer_texte('text') }} as description_accessoire,
        _loaded_at as charge_le
    from source

)

select * from repare
