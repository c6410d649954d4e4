-- The shutter orders that are still to be planned. One row per order. A view, because an order gets older while nothing is built.

{{ config(materialized='view') }}

with a_planifier as (

    select * from {{ ref('int_commandes_a_planifier') }}

)

select
    id_commande,
    numero_commande,
    extension,
    statut,
    affaire,
    code_accessoire,
    description_accessoire,
    nombre_accessoires,
    premiere_entree,
    derniere_entree,
    derniere_note,
    ({{ maintenant() }} at time zone '{{ var("fuseau_horaire") }}')::date - premiere_entree::date as age_jours,
    date_synchronisation
from a_planifier
