-- The builds: runs of `make build`, `dbt build` and `dbt run`. One row per invocation of dbt.
-- Without `with`: what begins with that, PostgreSQL plans by itself, and so without the order of an index (`suivi_execution`).

select
    id as construction_id,
    session_verrou,
    commande,
    version,
    commencee_le,
    finie_le,
    resultat,
    nb_modeles,
    nb_modeles_en_echec,
    nb_verifications_en_echec,
    nb_avertissements,
    nb_lignes,
    memoire_max_octets,
    erreur,
    est_entiere
from {{ source('historique', 'constructions') }}
