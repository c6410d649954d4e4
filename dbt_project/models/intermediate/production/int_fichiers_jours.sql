-- Which production days a file speaks of, and how much. One row per file and production day; the day is NULL for lines without a
-- valid time.

{{ config(
    materialized='incremental',
    incremental_strategy='synchronise',
    full_refresh=false,
    meta={'perimetre': {'modele': 'int_fichiers', 'condition': 'cible.fichier_id = md5(perimetre.cle)::uuid'}},
    pre_hook="{{ ouvrir_perimetre() }}",
    post_hook="{{ clore_perimetre() }}",
    indexes=[{'columns': ['fichier_id']}, {'columns': ['session_id']}],
) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

lignes as (

    select * from {{ ref('int_lignes') }}

),

fichiers_jours as (

    select
        fichiers.fichier_id,
        fichiers.dossier,
        fichiers.fichier,
        fichiers.empreinte,
        jours.date_production,
        jours.nb_lignes,
        jours.nb_evenements,
        jours.nb_rejets,
        case when jours.date_production is not null then {{ cle(['fichiers.dossier', 'jours.date_production']) }} end as session_id
    from {{ perimetre() }}
    inner join fichiers on perimetre.cle = fichiers.cle
    cross join lateral (
        select
            lignes.date_production,
            count(*)::integer as nb_lignes,
            count(lignes.evenement)::integer as nb_evenements,
            count(lignes.motif)::integer as nb_rejets
        from lignes
        where lignes.fichier_id = fichiers.fichier_id
        group by lignes.date_production
        {% if is_incremental() %}limit all{% endif %}
    ) as jours

)

select * from fichiers_jours
