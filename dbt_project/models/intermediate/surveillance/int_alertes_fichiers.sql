-- The alerts of log files: many rejected lines, folders that no centre declares. One row per alert.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

suivi as (

    select * from {{ ref('suivi_chargement') }}

),

fichiers_jours as (

    select
        dossier,
        fichier,
        (derniere_heure - interval '{{ var("debut_journee") }}')::date as date_production
    from {{ ref('int_fichiers_jours') }}

),

-- A file is recent if its dates are; a file without dates, if its time of loading is.
rejetes as (

    select
        centres.nom as centre,
        suivi.dossier,
        suivi.fichier,
        suivi.nb_rejets,
        suivi.nb_lignes,
        suivi.charge_le,
        greatest({{ var('alertes_part_rejets') }} * suivi.nb_lignes, {{ var('alertes_rejets') }}) as seuil,
        jours.date_production
    from horloge
    cross join suivi
    inner join centres on normalize(suivi.dossier, nfc) = normalize(centres.dossier, nfc) and centres.actif
    inner join lateral (
        select max(fichiers_jours.date_production) as date_production
        from fichiers_jours
        where
            fichiers_jours.dossier = suivi.dossier
            and fichiers_jours.fichier = suivi.fichier
            and fichiers_jours.date_production between horloge.premiere_date and horloge.derniere_date
    ) as jours on true
    where
        suivi.nb_rejets > greatest({{ var('alertes_part_rejets') }} * suivi.nb_lignes, {{ var('alertes_rejets') }})
        and coalesce(
            jours.date_production >= horloge.depuis,
            suivi.charge_le > horloge.maintenant - {{ var('alertes_jours') | int }} * interval '1 day'
        )

),

inconnus as (

    select
        dossier,
        count(*) as nb_fichiers,
        min(charge_le) as charge_le
    from suivi
    where statut = 'dossier inconnu'
    group by dossier

),

alertes as (

    select
        'rejets_nombreux' as type,
        'avertissement' as gravite,
        'fichier' as sujet_type,
        dossier || '/' || fichier as cle,
        centre,
        dossier,
        date_production,
        fichier,
        centre || ' : le fichier ' || fichier || ' a beaucoup de lignes illisibles, ' || nb_rejets || ' sur ' || nb_lignes
        || '. La machine écrit peut-être autrement qu''avant.' as message,
        nb_rejets::numeric as valeur,
        seuil,
        coalesce(date_production::timestamp, charge_le at time zone '{{ var("fuseau_horaire") }}') as survenue_le,
        false as en_cours
    from rejetes
    union all
    select
        'dossier_inconnu' as type,
        'avertissement' as gravite,
        'dossier' as sujet_type,
        dossier as cle,
        null as centre,
        dossier,
        null as date_production,
        null as fichier,
        'Le dossier « ' || dossier || ' » n''est déclaré pour aucun centre : '
        || nb_fichiers || case when nb_fichiers > 1 then ' fichiers ne sont comptés' else ' fichier n''est compté' end
        || ' nulle part. Si c''est une machine de l''atelier, la faire ajouter à la liste des centres.' as message,
        nb_fichiers::numeric as valeur,
        0 as seuil,
        charge_le at time zone '{{ var("fuseau_horaire") }}' as survenue_le,
        true as en_cours
    from inconnus

)

select * from alertes
