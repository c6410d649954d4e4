-- The figures of a centre's ISO weeks. One row per centre and week that has a session.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'list': 'int_periodes_a_calculer', 'on': {'id': 'id'}}},
) }}

with indicateurs as (

    select * from {{ ref('int_indicateurs') }}
    where periode = 'semaine'

)

select
    id,
    centre_usinage_id,
    extract(isoyear from date_debut)::integer as annee_iso,
    extract(week from date_debut)::integer as semaine_iso,
    date_debut,
    jours_avec_pieces,
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
