-- An order agrees with its accessories, operations, plannings and pieces, and is either planned or to be planned. One row per
-- order, with the rules it breaks.

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

a_planifier as (

    select * from {{ ref('commandes_volets_a_planifier') }}

),

avancement as (

    select
        id_commande,
        count(*) filter (where pieces = 0) as nb_sans_pieces,
        count(*) as nb_centres,
        sum(pieces) as nb_pieces
    from {{ ref('commandes_volets_avancement') }}
    group by id_commande

),

pieces_etiquetees as (

    select
        numero_commande,
        count(*) as nb_pieces
    from {{ ref('piece_production') }}
    where numero_commande is not null
    group by numero_commande

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

    select distinct on (id_commande) *
    from planifications
    order by id_commande asc, date_modification desc nulls last, note collate "C" desc

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
            end,
            case
                when commandes.semaine_prevue is distinct from dernieres_planifications.semaine_prevue
                    then 'sa semaine est celle de sa dernière planification'
            end,
            case when extract(isodow from commandes.semaine_prevue) != 1 then 'sa semaine est un lundi' end,
            case
                when coalesce(avancement.nb_pieces, 0) != coalesce(pieces_etiquetees.nb_pieces, 0)
                    then 'ses pièces sont celles dont l''étiquette la nomme'
            end,
            case when avancement.nb_sans_pieces > 0 and avancement.nb_centres > 1 then 'sans centre, elle est sans pièces' end,
            case when a_planifier.id_commande is not null then 'planifiée, elle n''est pas à planifier' end
        ) as regles_enfreintes
    from commandes
    left join premiers_accessoires on commandes.id_commande = premiers_accessoires.id_commande
    left join premieres_operations on commandes.id_commande = premieres_operations.id_commande
    left join dernieres_planifications on commandes.id_commande = dernieres_planifications.id_commande
    left join a_planifier on commandes.id_commande = a_planifier.id_commande
    left join avancement on commandes.id_commande = avancement.id_commande
    left join pieces_etiquetees on commandes.numero_commande = pieces_etiquetees.numero_commande
    union all
    select
        id_commande,
        numero_commande,
        concat_ws(
            ' ; ',
            case when nombre_accessoires < 1 or code_accessoire is null then 'au moins un accessoire de volet' end,
            case
                when premiere_entree > derniere_entree or (premiere_entree is null) != (derniere_entree is null)
                    then 'sa première entrée n''est pas après la dernière'
            end
        ) as regles_enfreintes
    from a_planifier

)

select * from verifiees
where regles_enfreintes != ''
