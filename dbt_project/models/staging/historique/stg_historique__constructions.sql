-- The builds: runs of `make build`, `dbt build` and `dbt run`. One row per invocation of dbt.

with source as (

    select * from {{ source('historique', 'constructions') }}

),

renomme as (

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
    from source

)

select * from renomme
