-- The pieces made of the planned shutter orders, as their labels tell. One row per order and centre that made pieces of it, or one
-- row of an order without pieces.

-- A view, because pieces and orders are loaded at different times. Joined before they are counted, so that a condition on an order
-- reads its pieces only.
{{ config(materialized='view') }}

with commandes as (

    select * from {{ ref('commandes_volets') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

avancement as (

    select
        commandes.id_commande,
        commandes.numero_commande,
        commandes.extension,
        commandes.affaire,
        commandes.statut,
        commandes.semaine_prevue,
        centres.id as centre_usinage_id,
        centres.nom as centre,
        count(pieces.id)::integer as pieces,
        min(pieces.timestamp_production) as premiere_piece,
        max(pieces.timestamp_production) as derniere_piece
    from commandes
    left join pieces on commandes.numero_commande = pieces.numero_commande
    left join sessions on pieces.session_id = sessions.id
    left join centres on sessions.centre_usinage_id = centres.id
    -- Where labels tell no order, it is not known that nothing was made.
    where {{ 'true' if var('numero_commande_motif') else 'false' }}
    group by
        commandes.id_commande,
        commandes.numero_commande,
        commandes.extension,
        commandes.affaire,
        commandes.statut,
        commandes.semaine_prevue,
        centres.id,
        centres.nom

)

select * from avancement
