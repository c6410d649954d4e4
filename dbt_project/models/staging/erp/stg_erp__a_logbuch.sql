-- The orders' journal, texts repaired. One row per entry; an entry may have no order.

with source as (

    select * from {{ source('erp', 'a_logbuch') }}

),

repare as (

    select
        id_a_kopf as id_commande,
        {{ horodatage_mysql('datum') }} as date_entree,
        {{ reparer_texte('notiz') }} as note,
        _loaded_at as charge_le
    from source

)

select * from repare
