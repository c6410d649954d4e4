-- The orders' operations, texts repaired. One row per operation; it may be repeated, or have no order.

with source as (

    select * from {{ source('erp', 'a_vorgang') }}

),

repare as (

    select
        id_a_kopf as id_commande,
        {{ reparer_texte('nummer') }} as numero_operation,
        {{ reparer_texte('bezeichnung') }} as description_operation,
        _loaded_at as charge_le,
        -- The same for `10`, `010` and `10.00`; it orders the operations. A `numeric` holds 131,072 digits, a text of the ERP more.
        case
            when
                nummer ~ '^[ \t\v\f\r]*[+-]?[0-9]+([.]0*)?[ \t\v\f\r]*$'
                and pg_input_is_valid(split_part(nummer, '.', 1), 'numeric')
                then split_part(nummer, '.', 1)::numeric
        end as numero_entier
    from source

)

select * from repare
