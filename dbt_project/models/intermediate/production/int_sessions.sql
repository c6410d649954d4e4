{#- Whatever the figures of a session, its day and its week depend on, beside its files. -#}
{%- set variables = [
    var('version_modeles'), var('debut_journee'), var('fuseau_horaire'), var('pertes_micro_minutes'), var('pertes_longue_minutes'),
    var('comparaison_semaines'), var('comparaison_minimum'), var('alertes_jours_ouvres') | join, var('numero_commande_motif'),
] -%}
-- All sessions: the production days of the declared centres, each with the files that it is made from. One row per session.

{{ config(materialized='ephemeral') }}

with centres as (

    select * from {{ ref('centres') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}
    where date_evenements is not null

),

declarations as (

    select
        dossier,
        du,
        au,
        sum(hashtextextended(horaires::text, 0)) as empreinte
    from {{ ref('int_horaires') }} as horaires
    group by dossier, du, au

),

dernier_chargement as (

    select
        commence_le,
        (commence_le - interval '{{ var("debut_journee") }}')::date as jour
    from {{ ref('int_dernier_chargement') }}

),

-- The events of a date belong to two production days at most: that of the first event and that of the last. The earliest day is the
-- first of January of the year 1.
fichiers_des_sessions as (

    select distinct
        centres.dossier as dossier_centre,
        centres.nom as centre,
        greatest((bornes.heure - interval '{{ var("debut_journee") }}')::date, date '0001-01-01') as date_production,
        fichiers_jours.dossier,
        fichiers_jours.fichier,
        fichiers_jours.charge_le,
        fichiers_jours.version_lecture
    from fichiers_jours
    inner join centres on fichiers_jours.dossier_nfc = normalize(centres.dossier, nfc)
    cross join lateral (values (fichiers_jours.premiere_heure), (fichiers_jours.derniere_heure)) as bornes (heure)

),

sessions as (

    select
        dossier_centre as dossier,
        centre,
        date_production,
        string_agg(dossier || '/' || fichier, ', ' order by fichier collate "C", dossier collate "C") as fichier_log_source,
        string_agg(
            dossier || '/' || fichier || ' ' || extract(epoch from charge_le) || ' ' || version_lecture,
            e'\n' order by fichier collate "C", dossier collate "C"
        ) as versions
    from fichiers_des_sessions
    group by dossier_centre, centre, date_production

),

-- What is declared for the week, of which days without a session count too, and for the days beside it, of which a night shift may
-- reach into it.
horaires as (

    select
        sessions.dossier,
        sessions.date_production,
        sum(declarations.empreinte) as empreinte
    from sessions
    inner join declarations
        on sessions.dossier = declarations.dossier
        and date_trunc('week', sessions.date_production::timestamp) + interval '7 days' >= declarations.du
        and date_trunc('week', sessions.date_production::timestamp) - interval '1 day' <= declarations.au
    group by sessions.dossier, sessions.date_production

),

bornees as (

    select
        sessions.*,
        horaires.empreinte as horaires,
        date_trunc('week', sessions.date_production::timestamp) + interval '7 days' as semaine_suivante,
        case
            when sessions.date_production > date '0001-01-01'
                then sessions.date_production + interval '{{ var("debut_journee") }}'
            else timestamp '-infinity'
        end as debut,
        sessions.date_production + interval '1 day {{ var("debut_journee") }}' as fin
    from sessions
    left join horaires
        on sessions.dossier = horaires.dossier and sessions.date_production = horaires.date_production

)

select
    bornees.dossier || '/' || to_char(bornees.date_production, 'YYYY-MM-DD') as key,
    concat_ws(
        ' ',
        bornees.versions || e'\n' || '{{ variables | join(" ") | replace("'", "''") }}',
        bornees.horaires,
        bornees.centre,
        -- A session is made again when its day is finished, and as the days of its week are, with or without a session.
        case
            when bornees.date_production <= dernier_chargement.jour
                then to_char(least(dernier_chargement.jour, bornees.semaine_suivante), 'YYYY-MM-DD')
        end
    ) as fingerprint,
    {{ cle(['bornees.dossier', 'bornees.date_production']) }} as session_id,
    bornees.dossier,
    bornees.centre,
    bornees.date_production,
    bornees.debut,
    bornees.fin,
    coalesce(bornees.fin <= dernier_chargement.commence_le, false) as terminee,
    bornees.fichier_log_source,
    bornees.versions
from bornees
cross join dernier_chargement
