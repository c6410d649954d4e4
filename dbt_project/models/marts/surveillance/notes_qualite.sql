-- What the data has that is odd, and that nobody has to look at now. One row per note. A view, like the alerts.

{{ config(materialized='view') }}

with horloge as (

    select * from {{ ref('int_horloge') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

toutes_sessions as (

    select * from {{ ref('session_production') }}

),

sessions as (

    select * from {{ ref('int_sessions_surveillees') }}

),

fichiers_evenements as (

    select
        *,
        (premiere_fois - interval '{{ var("debut_journee") }}')::date as date_production
    from {{ ref('int_fichiers_evenements') }}

),

orphelines as (

    select * from {{ ref('int_erp_orphelines') }}

),

-- The historical rates, which may be below 0 or above 100.
taux as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        taux.colonne,
        taux.nom,
        taux.valeur,
        case when taux.valeur < 0 then 0 else 100 end as seuil
    from sessions
    inner join lateral (
        values
        ('taux_occupation', 'd''occupation', sessions.taux_occupation),
        ('taux_attente', 'd''attente', sessions.taux_attente),
        ('taux_arret_volontaire', 'd''arrêt volontaire', sessions.taux_arret_volontaire)
    ) as taux (colonne, nom, valeur) on true
    where taux.valeur < 0 or taux.valeur > 100

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
        select count(distinct toutes_sessions.date_production) as nb_jours
        from toutes_sessions
        where
            toutes_sessions.date_production >= horloge.premiere_date
            and toutes_sessions.date_production < premieres_fois.date_production
    ) as passe on true
    where passe.nb_jours >= {{ var('alertes_inedit_jours') | int }}

),

reunies as (

    select
        'taux_hors_bornes' as type,
        'jour' as sujet_type,
        dossier || '/' || date_production || '/' || colonne as cle,
        centre,
        dossier,
        date_production,
        null as fichier,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : le taux ' || nom || ' historique vaut '
        || {{ nombre_en_francais('valeur', 2) }}
        || ' %, hors de 0 à 100 : des attentes ou des arrêts se recouvrent ou débordent.' as message,
        valeur,
        seuil,
        date_production::timestamp as survenue_le
    from taux
    union all
    select
        'evenement_inedit' as type,
        'fichier' as sujet_type,
        evenement as cle,
        centre,
        dossier,
        date_production,
        fichier,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : l''événement « ' || left(evenement, 100) || ' », ' || nb
        || ' fois dans ' || fichier || ', n''avait jamais été vu en ' || nb_jours || ' journée'
        || case when nb_jours > 1 then 's' else '' end || '.' as message,
        nb as valeur,
        0 as seuil,
        premiere_fois as survenue_le
    from inedits
    union all
    select
        'lignes_orphelines' as type,
        'table' as sujet_type,
        nom_table as cle,
        null as centre,
        null as dossier,
        null as date_production,
        null as fichier,
        'Lignes de ' || nom_table || ' qui ne sont d''aucune commande de a_kopf : ' || nb_orphelines || ' sur ' || nb_lignes
        || '.' as message,
        nb_orphelines as valeur,
        0 as seuil,
        null as survenue_le
    from orphelines
    where nb_orphelines > 0

),

notes as (

    select
        {{ cle(['type', 'cle']) }} as id,
        type,
        sujet_type,
        centre,
        dossier,
        date_production,
        fichier,
        message,
        valeur::numeric as valeur,
        seuil::numeric as seuil,
        survenue_le
    from reunies

)

select * from notes
