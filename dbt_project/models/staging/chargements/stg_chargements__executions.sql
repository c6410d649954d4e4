-- The runs of the loaders. One row per run and source.
-- Without `with`: what begins with that, PostgreSQL plans by itself, and so without the order of an index (`suivi_execution`).

select
    run_id as execution_id,
    source,
    started_at as commencee_le,
    ended_at as finie_le,
    outcome as resultat,
    found as nb_trouves,
    loaded as nb_charges,
    unchanged as nb_inchanges,
    failed as nb_echecs,
    rows as nb_lignes,
    error as erreur,
    peak_memory_bytes as memoire_max_octets
from {{ source('chargements', 'load_runs') }}
