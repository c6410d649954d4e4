-- The figures of a centre's ISO weeks. One row per centre and week that has a session.

{{ config(
    unique_key='id',
    meta={'perimetre': {
        'periode': 'semaine',
        'lus': ['session_production', 'piece_production', 'job_profil', 'periode_attente', 'periode_arret', 'production_horaire'],
        'condition': 'cible.id = perimetre.cle::uuid',
        'toujours_une_ligne': true,
    }},
) }}

with {{ etapes_des_indicateurs('semaine') }}

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
