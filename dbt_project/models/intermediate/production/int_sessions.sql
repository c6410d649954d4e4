-- All sessions: the production days of the declared centres, each with the files that it is made from. One row per session.

with centres as (

    select * from {{ ref('centres') }}

),

fichiers_jours as (

    select * from {{ ref('int_fichiers_jours') }}
    where date_evenements is not null

),

-- The events of a date belong to two production days at most: that of the first event and that of the last. The earliest day is the
-- first of January of the year 1.
fichiers_des_sessions as (

    select distinct
        centres.dossier as dossier_centre,
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
        date_production,
        string_agg(dossier || '/' || fichier, ', ' order by fichier collate "C", dossier collate "C") as fichier_log_source,
        string_agg(
            dossier || '/' || fichier || ' ' || extract(epoch from charge_le) || ' ' || version_lecture,
            e'\n' order by fichier collate "C", dossier collate "C"
        ) as versions
    from fichiers_des_sessions
    group by dossier_centre, date_production

)

select
    dossier || '/' || to_char(date_production, 'YYYY-MM-DD') as key,
    versions || e'\n{{ var("debut_journee") }} {{ var("version_modeles") }}' as fingerprint,
    {{ cle(['dossier', 'date_production']) }} as session_id,
    dossier,
    date_production,
    case
        when date_production > date '0001-01-01' then date_production + interval '{{ var("debut_journee") }}'
        else timestamp '-infinity'
    end as debut,
    date_production + interval '1 day' + interval '{{ var("debut_journee") }}' as fin,
    fichier_log_source,
    versions
from sessions
