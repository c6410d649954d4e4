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

-- A session is compared with earlier sessions of its centre, by their median and their median deviation, which a few odd days do
-- not change. Working days are compared with working days, other days with other days. The current day is left out: it is not over.

references_sessions as (

    select
        sessions.id,
        precedentes.total_pieces,
        precedentes.taux_occupation_net
    from horloge
    inner join sessions on horloge.aujourd_hui > sessions.date_production
    inner join lateral (
        select * from toutes_sessions
        where
            toutes_sessions.centre_usinage_id = sessions.centre_usinage_id
            and toutes_sessions.date_production < sessions.date_production
            and toutes_sessions.date_production >= horloge.premiere_date
            and toutes_sessions.total_pieces > 0
            and ({{ est_ouvre('toutes_sessions.date_production') }}) = ({{ est_ouvre('sessions.date_production') }})
        order by toutes_sessions.date_production desc
        limit {{ var('alertes_sessions_reference') | int }}
    ) as precedentes on true

),

references_mesures as (

    select
        id,
        'pieces' as mesure,
        total_pieces::numeric as valeur
    from references_sessions
    union all
    select
        id,
        'occupation' as mesure,
        taux_occupation_net as valeur
    from references_sessions
    where taux_occupation_net is not null

),

medianes as (

    select
        id,
        mesure,
        count(*) as nb_sessions,
        (percentile_cont(0.5) within group (order by valeur))::numeric as mediane
    from references_mesures
    group by id, mesure
    having count(*) >= {{ var('alertes_sessions_minimum') | int }}

),

-- 1.4826 makes the median deviation comparable to a standard deviation. The deviation is at least a part of the median, because it
-- is zero for a centre that does the same every day.
dispersions as (

    select
        medianes.id,
        medianes.mesure,
        medianes.nb_sessions,
        medianes.mediane,
        {{ var('alertes_ecarts') }} * greatest(
            1.4826
            * (percentile_cont(0.5) within group (order by abs(references_mesures.valeur - medianes.mediane)))::numeric,
            {{ var('alertes_dispersion_minimum') }} * medianes.mediane
        ) as ecart_permis
    from medianes
    inner join references_mesures on medianes.id = references_mesures.id and medianes.mesure = references_mesures.mesure
    group by medianes.id, medianes.mesure, medianes.nb_sessions, medianes.mediane

),

inhabituelles as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        dispersions.mesure,
        dispersions.nb_sessions,
        dispersions.mediane,
        mesures.valeur,
        round(
            dispersions.mediane
            + case when mesures.valeur < dispersions.mediane then -1 else 1 end * dispersions.ecart_permis, 2
        ) as seuil
    from dispersions
    inner join sessions on dispersions.id = sessions.id
    inner join lateral (
        select case dispersions.mesure when 'pieces' then sessions.total_pieces else sessions.taux_occupation_net end as valeur
    ) as mesures on true
    where abs(mesures.valeur - dispersions.mediane) > dispersions.ecart_permis

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
            when 'pieces' then {{ nombre_en_francais('valeur') }} || ' pièces, d''habitude ' || {{ nombre_en_francais('mediane') }}
            else
                'occupation nette de ' || {{ nombre_en_francais('valeur', 1) }} || ' %, d''habitude '
                || {{ nombre_en_francais('mediane', 1) }} || ' %'
        end
        || ' (médiane des ' || nb_sessions || ' sessions précédentes ; limite : ' || {{ nombre_en_francais('seuil', 1) }}
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
