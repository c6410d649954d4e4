-- The lines that say nothing usable, with the reason. One row per rejected line, also of folders that are no centre's.

{{ config(
    unique_key=['dossier', 'fichier', 'numero_ligne'],
    meta={'perimetre': {
        'modele': 'int_fichiers',
        'condition': "cible.dossier = split_part(perimetre.cle, '/', 1) and cible.fichier = split_part(perimetre.cle, '/', 2)",
    }},
) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

rejets as (

    select
        fichiers.dossier,
        fichiers.fichier,
        rejetees.numero_ligne,
        rejetees.ligne,
        rejetees.motif
    from {{ perimetre() }}
    inner join fichiers on perimetre.cle = fichiers.cle
    cross join lateral (
        select * from lignes
        where lignes.fichier_id = fichiers.fichier_id and lignes.motif is not null
        {% if is_incremental() %}limit all{% endif %}
    ) as rejetees

)

select * from rejets
