-- The alerts of sessions with unusual or impossible figures. One row per alert.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}
    where actif

),

toutes_sessions as (

    select * from {{ ref('session_production') }}

),

sessions as (

    select * from {{ ref('int_sessions_surveillees') }}

),

journees as (

    select * from {{ ref('production_journaliere') }}

),

-- The historical rates, which may be below 0 or above 100.

taux as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        taux.colonne,
        taux.valeur,
        case when taux.valeur < 0 then 0 else 100 end as seuil
    from sessions
    inner join lateral (
        values
        ('taux_occupation', sessions.taux_occupation),
        ('taux_attente', sessions.taux_attente),
        ('taux_arret_volontaire', sessions.taux_arret_volontaire)
    ) as taux (colonne, valeur) on true
    where taux.valeur < 0 or taux.valeur > 100

),

-- A deviation is at least a part of the median, because it is zero for a centre that does the same every day.

inhabituelles as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        mesures.mesure,
        journees.comparables,
        mesures.habituelle,
        mesures.valeur,
        round(
            mesures.habituelle + case when mesures.valeur < mesures.habituelle then -1 else 1 end * limites.ecart_permis, 2
        ) as seuil
    from sessions
    inner join journees on sessions.id = journees.session_id
    inner join lateral (
        values
        ('pieces', sessions.total_pieces::numeric, journees.pieces_habituelles, journees.dispersion_pieces),
        ('occupation', sessions.taux_occupation_net, journees.occupation_habituelle, journees.dispersion_occupation)
    ) as mesures (mesure, valeur, habituelle, dispersion) on true
    inner join lateral (
        select
            {{ var('alertes_ecarts') }}
            * greatest(mesures.dispersion, {{ var('alertes_dispersion_minimum') }} * mesures.habituelle) as ecart_permis
    ) as limites on true
    where abs(mesures.valeur - mesures.habituelle) > limites.ecart_permis

),

-- Sessions with a date on which no machine can have run: a clock is wrong.

impossibles as (

    select
        centres.nom as centre,
        centres.dossier,
        sessions.date_production
    from horloge
    cross join centres
    inner join toutes_sessions as sessions on centres.id = sessions.centre_usinage_id
    where sessions.date_production not between horloge.premiere_date and horloge.derniere_date

),

alertes as (

    select
        'taux_hors_bornes' as type,
        'information' as gravite,
        dossier || '/' || date_production || '/' || colonne as cle,
        centre,
        dossier,
        date_production,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : ' || colonne || ' (définition historique) vaut '
        || {{ nombre_en_francais('valeur', 2) }}
        || ' %, hors de 0 à 100 : des attentes ou des arrêts se recouvrent ou débordent.' as message,
        valeur,
        seuil::numeric as seuil,
        date_production::timestamp as survenue_le
    from taux
    union all
    select
        case mesure when 'pieces' then 'pieces_inhabituelles' else 'occupation_inhabituelle' end as type,
        'avertissement' as gravite,
        dossier || '/' || date_production as cle,
        centre,
        dossier,
        date_production,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : '
        || case mesure
            when 'pieces'
                then {{ nombre_en_francais('valeur') }} || ' pièces, d''habitude ' || {{ nombre_en_francais('habituelle') }}
            else
                'occupation nette de ' || {{ nombre_en_francais('valeur', 1) }} || ' %, d''habitude '
                || {{ nombre_en_francais('habituelle', 1) }} || ' %'
        end
        || ' (médiane de ' || comparables || ' journées comparables ; limite : ' || {{ nombre_en_francais('seuil', 1) }}
        || ').' as message,
        valeur,
        seuil,
        date_production::timestamp as survenue_le
    from inhabituelles
    union all
    select
        'date_impossible' as type,
        'avertissement' as gravite,
        impossibles.dossier || '/' || impossibles.date_production as cle,
        impossibles.centre,
        impossibles.dossier,
        impossibles.date_production,
        impossibles.centre || ' a une session du ' || {{ date_en_francais('impossibles.date_production') }}
        || ' : l''horloge de la machine est fausse, ou un fichier abîmé. Elle ne compte dans aucune comparaison.' as message,
        extract(year from impossibles.date_production) as valeur,
        extract(
            year from
            case
                when impossibles.date_production < horloge.premiere_date then horloge.premiere_date
                else horloge.derniere_date
            end
        ) as seuil,
        impossibles.date_production::timestamp as survenue_le
    from impossibles
    cross join horloge

)

select * from alertes
