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
        -- Whole numbers, also with decimals that are zero. The pattern is needed, because PostgreSQL also reads 0x1F and 1_000.
        case
            when aunummer ~ '^ *[+-]?[0-9]+([.]0*)? *$' and pg_input_is_valid(split_part(aunummer, '.', 1), 'integer')
                then split_part(aunummer, '.', 1)::integer
        end as numero_commande
    from source

)

select * from repare
