-- An order agrees with its accessories, operations and plannings. One row per order, with the rules it breaks.

{{ config(tags=['audit']) }}

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

accessoires as (

    select * from {{ ref('commandes_volets_accessoires') }}

),

operations as (

    select * from {{ ref('commandes_volets_operations') }}

),

planifications as (

    select * from {{ ref('commandes_volets_planifications') }}

),

premiers_accessoires as (

    select distinct on (id_commande) *
    from accessoires
    order by id_commande, code_accessoire collate "C", description_accessoire collate "C"

),

premieres_operations as (

    select distinct on (id_commande) *
    from operations
    order by
        id_commande,
        -- Whole numbers first, compared as numbers.
        case
            when
                numero_operation ~ '^[ \t\v\f\r]*[+-]?[0-9]+([.]0*)?[ \t\v\f\r]*$'
                and pg_input_is_valid(split_part(numero_operation, '.', 1), 'numeric')
                then split_part(numero_operation, '.', 1)::numeric
        end,
        numero_operation collate "C",
        description_operation collate "C"

),

dernieres_planifications as (

    select
        id_commande,
        max(date_modification) as date_modification
    from planifications
    group by id_commande

),

verifiees as (

    select
        commandes.id_commande,
        commandes.numero_commande,
        concat_ws(
            ' ; ',
            case when premiers_accessoires.id is null then 'au moins un accessoire de volet' end,
            case when dernieres_planifications.id_commande is null then 'au moins une planification' end,
            case
                when
                    (commandes.code_accessoire, commandes.description_accessoire)
                    is distinct from (premiers_accessoires.code_accessoire, premiers_accessoires.description_accessoire)
                    then 'son accessoire est le premier des siens'
            end,
            case
                when
                    (commandes.numero_operation, commandes.description_operation)
                    is distinct from (premieres_operations.numero_operation, premieres_operations.description_operation)
                    then 'son opération est la première des siennes'
            end,
            case
                when commandes.date_modification is distinct from dernieres_planifications.date_modification
                    then 'sa date est celle de sa dernière planification'
            end
        ) as regles_enfreintes
    from commandes
    left join premiers_accessoires on commandes.id_commande = premiers_accessoires.id_commande
    left join premieres_operations on commandes.id_commande = premieres_operations.id_commande
    left join dernieres_planifications on commandes.id_commande = dernieres_planifications.id_commande

)

select * from verifiees
where regles_enfreintes != ''
