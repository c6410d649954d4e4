-- The figures of a centre's production days. One row per session.

{{ config(
    unique_key='id',
    meta={
        'scope': {'worklist': 'int_sessions_a_construire', 'list': 'int_periodes_a_calculer', 'on': {'id': 'id'}},
        'retired_columns': {
            'temps_cycle_median': 'numeric(14,2)', 'plus_long_arret': 'numeric', 'plus_longue_attente': 'numeric',
            'date_precedente': 'date', 'variation_pieces': 'numeric', 'variation_cadence': 'numeric',
        },
    },
) }}

with indicateurs as (

    select * from {{ ref('int_indicateurs') }}
    where periode = 'jour'

),

temps_prevus as (

    select * from {{ ref('int_temps_prevus') }}
    where periode = 'jour'

),

habitudes as (

    select * from {{ ref('int_habitudes_jours') }}

)

select
    indicateurs.id,
    indicateurs.premiere_session_id as session_id,
    indicateurs.centre_usinage_id,
    indicateurs.centre,
    indicateurs.date_debut as date_production,
    indicateurs.terminee,
    indicateurs.postes,
    indicateurs.pieces,
    habitudes.comparables,
    round(habitudes.pieces, 2)::numeric(18, 2) as pieces_habituelles,
    round(100 * (indicateurs.pieces - habitudes.pieces) / habitudes.pieces, 2)::numeric(18, 2) as ecart_habituel,
    habitudes.dispersion_pieces,
    habitudes.occupation_habituelle,
    habitudes.dispersion_occupation,
    indicateurs.cadence,
    indicateurs.temps_cycle_median_secondes,
    indicateurs.duree_production_totale,
    indicateurs.temps_production_net,
    indicateurs.temps_attente_net,
    indicateurs.temps_arret_net,
    indicateurs.taux_occupation_net,
    indicateurs.taux_attente_net,
    indicateurs.taux_arret_net,
    indicateurs.nombre_arrets,
    indicateurs.plus_long_arret,
    indicateurs.nombre_attentes,
    indicateurs.plus_longue_attente,
    indicateurs.metres_profil,
    temps_prevus.temps_prevu,
    temps_prevus.pieces_en_horaire,
    temps_prevus.temps_production_en_horaire,
    temps_prevus.temps_attente_en_horaire,
    temps_prevus.temps_arret_en_horaire,
    temps_prevus.temps_sans_piece_en_horaire,
    case when indicateurs.temps_arret_net is not null then temps_prevus.temps_arret_en_pause end as temps_arret_en_pause,
    (indicateurs.temps_arret_net - temps_prevus.temps_arret_en_pause)::numeric(14, 4) as temps_arret_hors_pause,
    temps_prevus.taux_disponibilite,
    temps_prevus.taux_performance,
    temps_prevus.taux_rendement
from indicateurs
left join temps_prevus on indicateurs.id = temps_prevus.id
left join habitudes on indicateurs.id = habitudes.id
