-- The alerts of centres that were silent while they were meant to work (or while others worked), and of the factory when no centre
-- at all gave a sign of life. One row per silence, from a sign of life to the next one, or to the last load.

with presences as (

    select * from {{ ref('int_presences') }}

),

executions as (

    select * from {{ ref('stg_chargements__executions') }}
    where source = 'logs' and resultat in ('ok', 'partial')

),

-- Since when a folder cannot be read: that is the alert of the load.
illisibles as (

    select
        presences.dossier,
        min(executions.commencee_le) at time zone '{{ var("fuseau_horaire") }}' as depuis
    from presences
    inner join executions
        on executions.execution_id
        > (select coalesce(max(bonnes.execution_id) filter (where bonnes.resultat = 'ok'), 0) from executions as bonnes)
        and position(presences.dossier in executions.erreur) > 0
    group by presences.dossier

),

usine as (

    select
        depuis,
        premier_chargement,
        fin,
        bool_or(not est_declare_a_la_fin) as sans_horaire,
        range_agg(prevu) as prevu,
        range_intersect_agg(ferme) as ferme,
        range_agg(presences) as presences
    from presences
    group by depuis, premier_chargement, fin

),

-- From the last sign of life of any centre to the next one.
absences as (

    select
        usine.fin,
        usine.sans_horaire,
        absences.absence,
        (
            select coalesce(sum({{ secondes_vecues('lower(partie)', 'upper(partie)') }}), 0)
            from unnest(usine.prevu * tsmultirange(absences.absence)) as parties (partie)
        ) as secondes_prevues,
        (
            select coalesce(max(extract(epoch from upper(parties.partie) - lower(parties.partie))), 0)
            from unnest(tsmultirange(absences.absence) - usine.ferme) as parties (partie)
        ) as secondes
    from usine
    inner join lateral (
        select tsrange(least(coalesce(lower(usine.presences), usine.premier_chargement), usine.fin), usine.fin) as periode
    ) as periodes on true
    inner join lateral unnest(tsmultirange(periodes.periode) - usine.presences) as absences (absence) on true
    where upper(absences.absence) >= usine.depuis

),

absences_longues as (

    select
        *,
        secondes_prevues > {{ var('alertes_silence_heures') }} * 3600 as est_prevue
    from absences
    where
        secondes_prevues > {{ var('alertes_silence_heures') }} * 3600
        or sans_horaire and secondes > {{ var('alertes_sans_evenement_heures') }} * 3600

),

-- Of a centre's silence, the hours in which all were silent belong to the alert of the factory. While no centre gives a sign of
-- life, it is not known yet whether one is silent or all are.
silences as (

    select
        presences.centre,
        presences.dossier,
        presences.fin,
        presences.est_declare,
        presences.prevu,
        presences.ferme,
        silences.silence,
        tsmultirange(silences.silence)
        - coalesce((select range_agg(absences_longues.absence) from absences_longues), '{}')
        - coalesce((select range_agg(absences.absence) filter (where upper(absences.absence) = absences.fin) from absences), '{}')
        - case when illisibles.depuis is null then '{}' else tsmultirange(tsrange(illisibles.depuis, null)) end as hors_absences
    from presences
    inner join lateral (
        select tsrange(least(lower(presences.presences), presences.fin), presences.fin) as periode
    ) as periodes on true
    inner join lateral unnest(tsmultirange(periodes.periode) - presences.presences) as silences (silence) on true
    left join illisibles on presences.dossier = illisibles.dossier
    where not isempty(presences.presences) and upper(silences.silence) >= presences.depuis

),

comptes as (

    select
        silences.centre,
        silences.dossier,
        silences.fin,
        silences.est_declare,
        silences.silence,
        silences.prevu * silences.hors_absences as compte
    from silences
    where silences.est_declare
    union all
    select
        silences.centre,
        silences.dossier,
        silences.fin,
        silences.est_declare,
        silences.silence,
        autres.presences * silences.hors_absences - silences.ferme as compte
    from silences
    inner join lateral (
        select range_agg(presences.presences) as presences
        from presences
        where presences.dossier != silences.dossier
    ) as autres on true
    where not silences.est_declare

),

-- Without declared working time, the hours of one working day count, because others may have worked some hours on every day.
mesures as (

    select
        comptes.*,
        heures.secondes,
        heures.secondes_d_un_jour
    from comptes
    inner join lateral (
        select
            sum(jours.secondes) as secondes,
            max(jours.secondes) as secondes_d_un_jour
        from (
            select
                dates.jour::date as jour,
                sum({{ secondes_vecues('lower(partie)', 'upper(partie)') }}) as secondes
            from
                generate_series(
                    date_trunc('day', lower(comptes.compte) - interval '{{ var("debut_journee") }}'),
                    upper(comptes.compte),
                    interval '1 day'
                ) as dates (jour)
            inner join lateral (
                select
                    tsrange(
                        dates.jour + interval '{{ var("debut_journee") }}', dates.jour + interval '1 day {{ var("debut_journee") }}'
                    ) as journee
            ) as journees on true
            inner join lateral unnest(comptes.compte * tsmultirange(journees.journee)) as parties (partie) on true
            group by dates.jour
        ) as jours
        where comptes.est_declare or {{ est_ouvre('jours.jour') }}
    ) as heures on true

),

alertes as (

    select
        'aucun_evenement' as type,
        'usine' as sujet_type,
        null as centre,
        null as dossier,
        'Aucune machine n''a donné signe de vie' as debut_message,
        case
            when est_prevue then {{ duree_en_francais('secondes_prevues') }} || ' de travail prévu. '
            else {{ duree_en_francais('secondes') }} || ' d''affilée. '
        end || case
            when upper(absence) = fin then 'Les machines sont arrêtées, ou leurs fichiers n''arrivent plus.'
            else 'Les machines étaient arrêtées, ou leurs fichiers ne sont pas arrivés.'
        end as fin_message,
        absence as silence,
        tsmultirange(absence) as compte,
        upper(absence) = fin as en_cours,
        case when est_prevue then secondes_prevues else secondes end as secondes,
        case
            when est_prevue then {{ var('alertes_silence_heures') }} else {{ var('alertes_sans_evenement_heures') }}
        end as seuil
    from absences_longues
    union all
    select
        'silence' as type,
        'jour' as sujet_type,
        centre,
        dossier,
        centre || ' n''a pas donné signe de vie' as debut_message,
        {{ duree_en_francais('secondes') }}
        || case when est_declare then ' de travail prévu. ' else ' pendant que d''autres machines travaillaient. ' end
        || case
            when upper(silence) = fin then 'La machine est arrêtée, ou ses fichiers n''arrivent plus.'
            else 'La machine était arrêtée, ou ses fichiers ne sont pas arrivés.'
        end as fin_message,
        silence,
        compte,
        upper(silence) = fin as en_cours,
        secondes,
        {{ var('alertes_silence_heures') }} as seuil
    from mesures
    where case when est_declare then secondes else secondes_d_un_jour end > {{ var('alertes_silence_heures') }} * 3600

),

dates as (

    select
        *,
        (lower(silence) - interval '{{ var("debut_journee") }}')::date as date_production
    from alertes

)

select
    type,
    'critique' as gravite,
    sujet_type,
    -- The day on which it began, which is the key of an earlier version; of the next one of the same day, the time too.
    concat_ws(
        '/',
        dossier,
        case
            when row_number() over (partition by dossier, date_production order by lower(silence)) = 1 then date_production::text
            else to_char(lower(silence), 'YYYY-MM-DD HH24:MI:SS')
        end
    ) as cle,
    centre,
    dossier,
    case when dossier is not null then date_production end as date_production,
    debut_message || case
        when en_cours
            then
                ' depuis le ' || {{ date_en_francais('lower(silence)') }} || ' à ' || {{ heure_en_francais('lower(silence)') }}
        else
            ' du ' || {{ date_en_francais('lower(silence)') }} || ' à ' || {{ heure_en_francais('lower(silence)') }}
            || ' au ' || {{ date_en_francais('upper(silence)') }} || ' à ' || {{ heure_en_francais('upper(silence)') }}
    end || ' : ' || fin_message as message,
    round(secondes / 3600, 2) as valeur,
    seuil::numeric as seuil,
    lower(silence) as survenue_le,
    en_cours,
    compte
from dates
