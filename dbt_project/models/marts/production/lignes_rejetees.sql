-- The rejected lines, with the reason. One row per line, also of folders that no centre declares.

{{ config(
    unique_key=['dossier', 'fichier', 'numero_ligne'],
    meta={'scope': {
        'worklist': 'int_fichiers_a_lire', 'on': {'dossier': 'dossier', 'fichier': 'fichier'}, 'kept': true
    }},
) }}

with a_lire as (

    select * from {{ ref('int_fichiers_a_lire') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}
    where motif is not null

),

rejets as (

    select
        a_lire.dossier,
        a_lire.fichier,
        lignes.numero_ligne,
        lignes.ligne,
        lignes.motif
    from a_lire
    inner join lignes on a_lire.fichier_id = lignes.fichier_id

)

select * from rejets
