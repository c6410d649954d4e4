-- The event types that a file mentions, other than those that the models make something of. One row per file, production day and
-- type.

{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    full_refresh=false,
    meta={'perimetre': {'modele': 'int_fichiers', 'condition': 'cible.fichier_id = md5(perimetre.cle)::uuid'}},
    pre_hook="{{ ouvrir_perimetre() }}",
    post_hook="{{ clore_perimetre() }}",
    indexes=[{'columns': ['fichier_id']}],
) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}
    where evenement not in ('StukUitgevoerd', 'MachineWait', 'MachineStop', 'MachineStart', 'JobProfiel')

),

fichiers_evenements as (

    select
        fichiers.fichier_id,
        fichiers.dossier,
        fichiers.fichier,
        lignes.date_production,
        lignes.evenement,
        min(lignes.horodatage) as premiere_fois,
        count(*)::integer as nb
    from {{ perimetre() }}
    inner join fichiers on perimetre.cle = fichiers.cle
    {% if is_incremental() %}
        cross join lateral (
            select * from lignes
            where lignes.fichier_id = fichiers.fichier_id
            limit all
        ) as lignes
    {% else %}
        inner join lignes on fichiers.fichier_id = lignes.fichier_id
    {% endif %}
    group by fichiers.fichier_id, fichiers.dossier, fichiers.fichier, lignes.date_production, lignes.evenement

)

select * from fichiers_evenements
