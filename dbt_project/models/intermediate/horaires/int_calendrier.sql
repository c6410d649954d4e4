-- What is declared for each date. One row per centre and date. A column that is not asked for costs nothing, because each of them
-- is a subquery of its own.

with centres as (

    select * from {{ ref('centres') }}

),

jours as (

    select * from {{ ref('int_jours') }}

),

horaires as not materialized (

    select * from {{ ref('int_horaires') }}

),

postes as not materialized (

    select * from {{ ref('int_postes') }}

)

select
    centres.dossier,
    jours.jour,
    (
        select count(*) > 0 from horaires
        where horaires.nature = 'poste' and horaires.dossier = centres.dossier and jours.jour between horaires.du and horaires.au
    ) as est_declare,
    (
        select string_agg(postes.poste, ', ' order by postes.debut)
        from postes
        where postes.dossier = centres.dossier and postes.date_poste = jours.jour
    ) as postes,
    (
        select string_agg(distinct horaires.nom collate "C", ', ')
        from horaires
        where
            horaires.nature = 'jour_ferme'
            and horaires.dossier = centres.dossier
            and jours.jour between horaires.du and horaires.au
    ) as fermeture,
    (
        select sum(parts.secondes)
        from (
            select
                range_agg(tsmultirange(tsrange(postes.debut, postes.fin))) * fenetre.journee as presences,
                range_agg(postes.pauses) * fenetre.journee as pauses
            from postes
            where postes.dossier = centres.dossier and postes.date_poste between jours.jour - 1 and jours.jour + 1
        ) as journee
        inner join lateral (
            select coalesce(sum({{ secondes_vecues('lower(presence)', 'upper(presence)') }}), 0) as secondes
            from unnest(journee.presences) as presences (presence)
            union all
            -- A break lasts as long as declared, also when the clock changes.
            select -least({{ secondes_vecues('lower(pause)', 'upper(pause)') }}, extract(epoch from upper(pause) - lower(pause)))
            from unnest(journee.pauses) as pauses (pause)
        ) as parts on true
    ) as secondes_prevues
from centres
cross join jours
cross join lateral (
    select tsmultirange(tsrange(
        jours.jour + interval '{{ var("debut_journee") }}', jours.jour + interval '1 day {{ var("debut_journee") }}'
    )) as journee
) as fenetre
