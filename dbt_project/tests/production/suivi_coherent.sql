-- A file's status agrees with its counts, and its counts with one another. One row per file, with the rules it breaks. A file that
-- a load has replaced since this build began is left out: the next build reads it again.

{{ config(tags=['audit']) }}

with suivi as (

    select * from {{ ref('suivi_chargement') }}

),

fichiers as (

    select * from {{ ref('stg_logs__files') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

verifies as (

    select
        suivi.dossier,
        suivi.fichier,
        suivi.statut,
        suivi.nb_lignes,
        suivi.nb_evenements,
        suivi.nb_rejets,
        concat_ws(
            ' ; ',
            case when least(suivi.taille_octets, suivi.nb_evenements, suivi.nb_rejets) < 0 then 'compte négatif' end,
            case when suivi.nb_evenements > suivi.nb_lignes then 'plus d''événements que de lignes' end,
            case when suivi.nb_rejets > suivi.nb_lignes then 'plus de rejets que de lignes' end,
            case when (suivi.statut = 'dossier inconnu') != (centres.id is null) then 'dossier inconnu ou déclaré' end,
            case when suivi.statut = 'vide' and suivi.nb_evenements + suivi.nb_rejets > 0 then 'vide avec des lignes' end,
            case when suivi.statut = 'rejets' and suivi.nb_rejets = 0 then 'rejets sans rejet' end,
            case when suivi.statut = 'ok' and suivi.nb_rejets > 0 then 'ok avec un rejet' end,
            case when suivi.statut = 'ok' and suivi.nb_evenements = 0 then 'ok sans événement' end
        ) as regles_enfreintes
    from suivi
    inner join fichiers
        on suivi.dossier = fichiers.dossier and suivi.fichier = fichiers.fichier and suivi.charge_le = fichiers.charge_le
    left join centres on normalize(suivi.dossier, nfc) = normalize(centres.dossier, nfc)

)

select * from verifies
where regles_enfreintes != ''
