-- What the lines say, read once for each version of their file. One row per line that is not blank.

{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    meta={'perimetre': {
        'modele': 'int_fichiers',
        'condition': 'cible.fichier_id = md5(perimetre.cle)::uuid',
        'purge': true,
    }},
    pre_hook="{{ ouvrir_perimetre() }}",
    post_hook="{{ clore_perimetre() }}",
    indexes=[{'columns': ['fichier_id', 'date_production']}],
) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

-- The version to read is the one that is there now. Where a load has committed since `int_fichiers` was built, it is newer than
-- the one that is noted as read, and so the next build reads the file again.
versions as (

    select * from {{ ref('stg_logs__files') }}

),

lignes as (

    select * from {{ ref('stg_logs__lines') }}

),

lignes_a_lire as (

    select
        fichiers.fichier_id,
        lignes.numero_ligne,
        lignes.ligne
    from fichiers
    inner join versions on fichiers.dossier = versions.dossier and fichiers.fichier = versions.fichier
    {% if is_incremental() %}
        inner join {{ perimetre() }} on fichiers.cle = perimetre.cle
        cross join lateral (
            select * from lignes
            where lignes.version_fichier = versions.version_fichier
            limit all
        ) as lignes
    {% else %}
        inner join lignes on versions.version_fichier = lignes.version_fichier
    {% endif %}

),

{{ etapes_de_lecture('lignes_a_lire', ['fichier_id', 'numero_ligne']) }}

select
    fichier_id,
    numero_ligne,
    horodatage,
    date_production,
    evenement,
    details,
    duree_secondes,
    reference,
    longueur,
    couleur,
    motif,
    case when motif is not null then btrim(ligne, {{ blancs() }}) end as ligne
from lues
