-- The orders, texts repaired. One row per order.

with source as (

    select * from {{ source('erp', 'a_kopf') }}

),

repare as (

    select
        id as id_commande,
        {{ reparer_texte('aualpha') }} as extension,
        {{ reparer_texte('aufstatus') }} as statut,
        {{ reparer_texte('kommission') }} as affaire,
        _loaded_at as charge_le,
        {{ entier('aunummer') }} as numero_commande
    from source

)

select * from repare
