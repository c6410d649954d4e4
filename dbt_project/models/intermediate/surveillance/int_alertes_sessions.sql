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

silences as (

    select * from {{ ref('int_alertes_silences') }}

),

periodes as (

    select * from {{ ref('int_alertes_periodes') }}

),

-- A deviation is at least a part of the median, because it is zero for a centre that does the same every day.

inhabituelles as (

    select
        sessions.centre,
        sessions.dossier,
        sessions.date_production,
        tsmultirange(tsrange(
            sessions.date_production + interval '{{ var("debut_journee") }}',
            sessions.date_production + interval '1 day {{ var("debut_journee") }}'
        )) as journee,
        sessions.total_pieces,
        coalesce(journees.temps_prevu, journees.duree_production_totale) as heures,
        mesures.mesure,
        mesures.habituelle,
        mesures.valeur,
        mesures.valeur < mesures.habituelle as est_faible,
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

-- One trouble, one alert: what was lost through a silence, a long stop or a long wait of that day has its alert, and so has an
-- occupation that goes with the pieces.
inexpliquees as (

    select * from inhabituelles
    where
        not (mesure = 'occupation' and exists (
            select 1 from inhabituelles as pieces
            where
                pieces.mesure = 'pieces'
                and pieces.dossier = inhabituelles.dossier
                and pieces.date_production = inhabituelles.date_production
        ))
        -- What was lost explains at least half of what is missing.
        and not (est_faible and coalesce((
            select
                sum(pertes.secondes)
                > coalesce(1800 * inhabituelles.heures * (1 - inhabituelles.valeur / inhabituelles.habituelle), 3600)
            from (
                select 60 * periodes.valeur as secondes
                from periodes
                where periodes.dossier = inhabituelles.dossier and periodes.date_production = inhabituelles.date_production
                union all
                select extract(epoch from upper(parties.partie) - lower(parties.partie)) as secondes
                from silences
                inner join lateral unnest(silences.compte * inhabituelles.journee) as parties (partie) on true
                where coalesce(silences.dossier, inhabituelles.dossier) = inhabituelles.dossier
            ) as pertes
        ), false))

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
        case mesure when 'pieces' then 'pieces_inhabituelles' else 'occupation_inhabituelle' end as type,
        'avertissement' as gravite,
        dossier || '/' || date_production as cle,
        centre,
        dossier,
        date_production,
        centre || ', ' || {{ date_en_francais('date_production') }} || ' : '
        || case mesure
            when 'pieces'
                then
                    total_pieces || case when total_pieces > 1 then ' pièces, ' else ' pièce, ' end
                    || case when est_faible then 'bien moins que d''habitude' else 'bien plus que d''habitude' end
                    || ' (' || {{ nombre_en_francais('habituelle') }} || ').'
            else
                'la machine a produit ' || {{ nombre_en_francais('valeur') }} || ' % du temps, '
                || case when est_faible then 'bien moins que d''habitude' else 'bien plus que d''habitude' end
                || ' (' || {{ nombre_en_francais('habituelle') }} || ' %).'
        end as message,
        valeur,
        seuil,
        date_production::timestamp as survenue_le,
        false as en_cours
    from inexpliquees
    union all
    select
        'date_impossible' as type,
        'avertissement' as gravite,
        impossibles.dossier || '/' || impossibles.date_production as cle,
        impossibles.centre,
        impossibles.dossier,
        impossibles.date_production,
        impossibles.centre || ' a des pièces ou des événements datés du ' || {{ date_en_francais('impossibles.date_production') }}
        || ' : l''horloge de la machine est fausse, ou un fichier est abîmé.' as message,
        extract(year from impossibles.date_production) as valeur,
        extract(
            year from
            case
                when impossibles.date_production < horloge.premiere_date then horloge.premiere_date
                else horloge.derniere_date
            end
        ) as seuil,
        impossibles.date_production::timestamp as survenue_le,
        false as en_cours
    from impossibles
    cross join horloge

)

select * from alertes
