-- The log files loaded, and what became of them. One row per file.

{{ config(unique_key=['dossier', 'fichier']) }}

with fichiers as (

    select * from {{ ref('int_fichiers') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}

),

centres as (

    select * from {{ ref('centres') }}

),

comptes as (

    select
        fichier_id,
        sum(nb_lignes) as nb_lignes_utiles,
        sum(nb_evenements) as nb_evenements,
        sum(nb_rejets) as nb_rejets
    from fichiers_jours
    group by fichier_id

),

-- Of a file whose lines were purged, this mart may be all that still knows what they were.
connus as (

    {% if is_incremental() %}
        select
            dossier,
            fichier,
            nb_evenements,
            nb_rejets
        from {{ this }}
    {% else %}
        select
            null::text as dossier,
            null::text as fichier,
            null::integer as nb_evenements,
            null::integer as nb_rejets
        where false
    {% endif %}

),

fichiers_comptes as (

    select
        fichiers.*,
        coalesce(comptes.nb_evenements, connus.nb_evenements, 0)::integer as nb_evenements,
        coalesce(comptes.nb_rejets, connus.nb_rejets, 0)::integer as nb_rejets
    from fichiers
    left join comptes on fichiers.fichier_id = comptes.fichier_id
    left join connus on fichiers.ferme and fichiers.dossier = connus.dossier and fichiers.fichier = connus.fichier

),

suivi as (

    select
        fichiers.dossier,
        fichiers.fichier,
        fichiers.taille_octets,
        fichiers.modifie_le,
        fichiers.charge_le,
        fichiers.nb_lignes,
        fichiers.nb_evenements,
        fichiers.nb_rejets,
        -- Every line that is not blank is an event, or rejected, or both.
        case
            when centres.dossier is null then 'dossier inconnu'
            when fichiers.nb_evenements + fichiers.nb_rejets = 0 then 'vide'
            when fichiers.nb_rejets > 0 then 'rejets'
            else 'ok'
        end as statut
    from fichiers_comptes as fichiers
    left join centres on fichiers.dossier = centres.dossier

)

select * from suivi
