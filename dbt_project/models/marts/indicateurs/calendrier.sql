-- The production days, as the declared working time has them, from each centre's first session to the end of next year. One row per
-- centre and day. A view, because a day passes while nothing is built.

{{ config(materialized='view') }}

with calendrier as (

    select * from {{ ref('int_calendrier') }}

),

jours as (

    select * from {{ ref('int_jours') }}

),

centres as (

    select * from {{ ref('int_centres_bornes') }}

)

select
    centres.centre_usinage_id,
    centres.centre,
    jours.jour as date_production,
    jours.jour_semaine,
    extract(isoyear from jours.jour)::integer as annee_iso,
    extract(week from jours.jour)::integer as semaine_iso,
    date_trunc('week', jours.jour::timestamp)::date as date_semaine,
    date_trunc('month', jours.jour::timestamp)::date as mois,
    case when declares.est_declare then declares.postes is not null end as ouvert,
    case
        when declares.fermeture is not null then declares.fermeture
        when not declares.est_declare then 'horaire non déclaré'
        when declares.postes is null then 'aucun poste prévu'
    end as motif,
    case when declares.est_declare then coalesce(declares.postes, '') end as postes,
    case when declares.est_declare then {{ heures('declares.secondes_prevues') }} end::numeric(14, 4) as temps_prevu
from centres
inner join jours on jours.jour between centres.premier_jour and centres.dernier_jour
-- Day by day: only the days that are asked for are worked out.
inner join lateral (
    select * from calendrier
    where calendrier.dossier = centres.dossier and calendrier.jour = jours.jour
    limit all
) as declares on true
