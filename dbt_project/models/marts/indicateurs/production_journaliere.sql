-- The figures of a centre's production days. One row per session.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'list': 'int_periodes_a_calculer', 'on': {'id': 'id'}}},
) }}

with indicateurs as (

    select * from {{ ref('int_indicateurs') }}
    where periode = 'jour'

)

select
    id,
    premiere_session_id as session_id,
    centre_usinage_id,
    date_debut as date_production,
    pieces,
    cadence,
    temps_cycle_median,
    duree_production_totale,
    temps_production_net,
    temps_attente_net,
    temps_arret_net,
    taux_occupation_net,
    taux_attente_net,
    taux_arret_net,
    nombre_arrets,
    plus_long_arret,
    nombre_attentes,
    plus_longue_attente,
    metres_profil,
    date_precedente,
    variation_pieces,
    variation_cadence
from indicateurs
