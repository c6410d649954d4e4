-- When each active centre gave a sign of life, and when it was meant to work. One row per active centre, from the first load on.

{%- set fuseau = var('fuseau_horaire') %}

with horloge as (

    select * from {{ ref('int_horloge') }}

),

dernier_chargement as (

    select * from {{ ref('int_dernier_chargement') }}

),

echecs as (

    select * from {{ ref('int_alertes_constructions') }}

),

executions as (

    select * from {{ ref('stg_chargements__executions') }}
    where source = 'logs' and resultat in ('ok', 'partial')

),

centres as (

    select * from {{ ref('centre_usinage') }}
    where actif

),

tous_fichiers_jours as not materialized (

    select * from {{ ref('int_fichiers_jours') }}

),

toutes_lignes as not materialized (

    select * from {{ ref('int_lignes') }}

),

sessions as (

    select * from {{ ref('int_sessions_surveillees') }}

),

toutes_heures as (

    select * from {{ ref('production_horaire') }}

),

periodes_longues as (

    select * from {{ ref('int_periodes_longues') }}

),

horaires as (

    select * from {{ ref('int_horaires') }}

),

tous_postes as not materialized (

    select * from {{ ref('int_postes') }}

),

bornes as (

    select
        horloge.premiere_date,
        horloge.derniere_date,
        coalesce(horloge.depuis, horloge.maintenant_local::date) as depuis,
        (min(executions.commencee_le) at time zone '{{ fuseau }}') as premier_chargement,
        -- What was loaded since builds fail is in no table yet.
        least(dernier_chargement.commence_le, min(echecs.survenue_le)) as fin
    from horloge
    cross join dernier_chargement
    left join echecs on echecs.gravite = 'critique'
    cross join executions
    group by
        horloge.premiere_date, horloge.derniere_date, horloge.depuis, horloge.maintenant_local, dernier_chargement.commence_le

),

-- The recent dates of each file, and the last one before them: a centre may have been silent since.
fichiers_jours as (

    select
        centres.dossier,
        fichiers_jours.fichier_id,
        tsrange(fichiers_jours.premiere_heure, fichiers_jours.derniere_heure, '[]') as presence
    from bornes
    cross join centres
    inner join lateral (
        select * from tous_fichiers_jours
        where
            tous_fichiers_jours.dossier_nfc = normalize(centres.dossier, nfc)
            and tous_fichiers_jours.date_evenements between bornes.depuis and bornes.derniere_date
        union all
        (
            select * from tous_fichiers_jours
            where
                tous_fichiers_jours.dossier_nfc = normalize(centres.dossier, nfc)
                and tous_fichiers_jours.date_evenements >= bornes.premiere_date
                and tous_fichiers_jours.date_evenements < bornes.depuis
            order by tous_fichiers_jours.date_evenements desc, tous_fichiers_jours.derniere_heure desc
            limit 1
        )
    ) as fichiers_jours on true

),

presences as (

    select
        dossier,
        range_agg(presence) as presences
    from fichiers_jours
    group by dossier

),

heures as (

    select
        sessions.dossier,
        range_agg(tsrange(heures.heure, heures.heure + interval '1 hour')) as periodes
    from sessions
    inner join lateral (
        select * from toutes_heures
        where toutes_heures.session_id = sessions.id
        limit all
    ) as heures on heures.pieces > 0
    group by sessions.dossier

),

periodes as (

    select
        dossier,
        range_agg(tsrange(timestamp_debut, timestamp_fin)) as periodes
    from periodes_longues
    group by dossier

),

-- Where a day may have a gap of more than `alertes_silence_heures`: whole hours without a piece, a long stop or a long wait. They
-- are rare; only there, lines are read.
creux as (

    select
        presences.dossier,
        creux.creux
    from presences
    left join heures on presences.dossier = heures.dossier
    left join periodes on presences.dossier = periodes.dossier
    inner join lateral unnest(
        presences.presences - coalesce(heures.periodes, '{}') - coalesce(periodes.periodes, '{}')
    ) as creux (creux) on true
    where upper(creux.creux) - lower(creux.creux) > ({{ var('alertes_silence_heures') }} - 2) * interval '1 hour'

),

lignes_des_creux as (

    select
        creux.dossier,
        creux.creux,
        lignes.horodatage
    from creux
    inner join fichiers_jours on creux.dossier = fichiers_jours.dossier and creux.creux && fichiers_jours.presence
    inner join lateral (
        select * from toutes_lignes
        where toutes_lignes.fichier_id = fichiers_jours.fichier_id
        limit all
    ) as lignes on true
    where lignes.horodatage between lower(creux.creux) - interval '1 hour' and upper(creux.creux) + interval '1 hour'
    union all
    -- The end of a long stop or wait, whose beginning is further away.
    select
        creux.dossier,
        creux.creux,
        periodes_longues.timestamp_fin as horodatage
    from creux
    inner join periodes_longues
        on creux.dossier = periodes_longues.dossier and lower(creux.creux) = periodes_longues.timestamp_fin

),

moments as (

    select
        dossier,
        horodatage,
        lead(horodatage) over (partition by dossier, creux order by horodatage) as suivant
    from lignes_des_creux

),

trous as (

    select
        dossier,
        range_agg(tsrange(horodatage, suivant, '()')) as trous
    from moments
    where suivant - horodatage > {{ var('alertes_silence_heures') }} * interval '1 hour'
    group by dossier

),

fermetures as (

    select
        dossier,
        range_agg(
            tsrange(du + interval '{{ var("debut_journee") }}', au + interval '1 day {{ var("debut_journee") }}')
        ) as periodes
    from horaires
    where nature = 'jour_ferme'
    group by dossier

)

select
    centres.nom as centre,
    centres.dossier,
    bornes.depuis,
    bornes.premier_chargement,
    bornes.fin,
    coalesce(presences.presences - coalesce(trous.trous, '{}') + coalesce(periodes.periodes, '{}'), '{}') as presences,
    (
        select count(*) > 0 from horaires
        where
            horaires.nature = 'poste'
            and horaires.dossier = centres.dossier
            and horaires.au >= bornes.depuis
            and horaires.du <= bornes.fin::date
    ) as est_declare,
    (
        select count(*) > 0 from horaires
        where
            horaires.nature = 'poste'
            and horaires.dossier = centres.dossier
            and bornes.fin::date between horaires.du and horaires.au
    ) as est_declare_a_la_fin,
    coalesce(postes.travail, '{}') as prevu,
    coalesce(fermetures.periodes, '{}') as ferme
from bornes
cross join centres
left join presences on centres.dossier = presences.dossier
left join trous on centres.dossier = trous.dossier
left join periodes on centres.dossier = periodes.dossier
left join fermetures on centres.dossier = fermetures.dossier
left join lateral (
    select range_agg(tous_postes.travail) as travail
    from tous_postes
    where
        tous_postes.dossier = centres.dossier
        and tous_postes.date_poste
        between coalesce(lower(presences.presences), bornes.premier_chargement)::date - 1 and bornes.derniere_date
) as postes on true
