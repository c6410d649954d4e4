-- The alerts of log files: many rejected lines, folders that no centre declares, event types never seen before. One row per alert.

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

fichiers_evenements as (

    select
        *,
        (premiere_fois - interval '{{ var("debut_journee") }}')::date as date_production
    from {{ ref('int_fichiers_evenements') }}

),

sessions as (

    select * from {{ ref('session_production') }}

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
        sum(nb_evenements) as nb_evenements,
        min(charge_le) as charge_le
    from suivi
    where statut = 'dossier inconnu'
    group by dossier

),

-- An event type is not new if any centre has had it, also one that is no longer active.
premieres_fois as (

    select distinct on (fichiers_evenements.evenement)
        centres.nom as centre,
        centres.actif,
        fichiers_evenements.*
    from horloge
    inner join fichiers_evenements
        on fichiers_evenements.date_production between horloge.premiere_date and horloge.derniere_date
    inner join centres on normalize(fichiers_evenements.dossier, nfc) = normalize(centres.dossier, nfc)
    order by
        fichiers_evenements.evenement asc, fichiers_evenements.date_production asc, fichiers_evenements.premiere_fois asc,
        fichiers_evenements.dossier collate "C" asc, fichiers_evenements.fichier collate "C" asc

),

inedits as (

    select
        premieres_fois.*,
        passe.nb_jours
    from horloge
    inner join premieres_fois on premieres_fois.actif and horloge.depuis <= premieres_fois.date_production
    inner join lateral (
        select count(distinct sessions.date_production) as nb_jours
        from sessions
        where sessions.date_production >= horloge.premiere_date and sessions.date_production < premieres_fois.date_production
    ) as passe on true
    where passe.nb_jours >= {{ var('alertes_inedit_jours') | int }}

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
        dossier || '/' || fichier || ' : ' || nb_rejets || ' lignes rejetées sur ' || nb_lignes || ' (seuil : '
        || {{ nombre_en_francais('seuil') }} || '). Les motifs sont dans lignes_rejetees.' as message,
        nb_rejets::numeric as valeur,
        seuil,
        coalesce(date_production::timestamp, charge_le at time zone '{{ var("fuseau_horaire") }}') as survenue_le
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
        'Le dossier ' || dossier || ' n''est déclaré par aucun centre (fichiers : ' || nb_fichiers || ', événements : '
        || nb_evenements || ', dans aucune session). À ajouter au seed centres.' as message,
        nb_fichiers::numeric as valeur,
        0 as seuil,
        charge_le at time zone '{{ var("fuseau_horaire") }}' as survenue_le
    from inconnus
    union all
    select
        'evenement_inedit' as type,
        'information' as gravite,
        'fichier' as sujet_type,
        evenement as cle,
        centre,
        dossier,
        date_production,
        fichier,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : l''événement « ' || left(evenement, 100) || ' », ' || nb
        || ' fois dans ' || fichier || ', n''avait jamais été vu en ' || nb_jours || ' journées.' as message,
        nb::numeric as valeur,
        0 as seuil,
        premiere_fois as survenue_le
    from inedits

)

select * from alertes
