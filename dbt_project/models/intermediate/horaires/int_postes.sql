-- The shifts as they take place. One row per centre, date and shift.

{%- set fuseau = var('fuseau_horaire') %}

with jours as (

    select * from {{ ref('int_jours') }}

),

postes as (

    select * from {{ ref('int_horaires') }}
    where nature = 'poste'

),

toutes_pauses as (

    select * from {{ ref('int_horaires') }}
    where nature = 'pause'

),

jours_fermes as (

    select * from {{ ref('int_horaires') }}
    where nature = 'jour_ferme'

),

-- To an instant and back: a time that the clock skips in spring is that of the change.
postes_du_jour as (

    select
        postes.dossier,
        jours.jour as date_poste,
        jours.jour_semaine,
        postes.nom as poste,
        postes.debut as debut_declare,
        postes.fin as fin_declaree,
        {{ instant('(jours.jour + postes.debut)') }} at time zone '{{ fuseau }}' as debut,
        {{ instant('(jours.jour + postes.fin)') }} at time zone '{{ fuseau }}' as fin
    from jours
    inner join postes
        on jours.jour_semaine = postes.jour_semaine
        and jours.jour between postes.du and postes.au
    where not exists (
        select 1 from jours_fermes
        where jours_fermes.dossier = postes.dossier and jours.jour between jours_fermes.du and jours_fermes.au
    )

),

-- A break before the hour at which its shift begins is on the next day. It lasts as long as declared, also when the clock changes.
avec_pauses as (

    select
        postes.dossier,
        postes.date_poste,
        postes.poste,
        postes.debut,
        postes.fin,
        coalesce(pauses.periodes, '{}') as pauses
    from postes_du_jour as postes
    left join lateral (
        select
            range_agg(
                tsrange(
                    debuts.instant at time zone '{{ fuseau }}',
                    (debuts.instant + (toutes_pauses.fin - toutes_pauses.debut)) at time zone '{{ fuseau }}'
                )
            ) as periodes
        from toutes_pauses
        inner join lateral (
            select toutes_pauses.debut + (toutes_pauses.debut < postes.debut_declare)::integer * interval '24:00' as debut
        ) as declarees on true
        inner join lateral (
            select (postes.date_poste + declarees.debut) at time zone '{{ fuseau }}' as instant
        ) as debuts on true
        where
            toutes_pauses.dossier = postes.dossier
            and toutes_pauses.jour_semaine = postes.jour_semaine
            and postes.date_poste between toutes_pauses.du and toutes_pauses.au
            and coalesce(toutes_pauses.nom, postes.poste) = postes.poste
            and declarees.debut + (toutes_pauses.fin - toutes_pauses.debut) <= postes.fin_declaree
    ) as pauses on true

)

select
    dossier,
    date_poste,
    poste,
    debut,
    fin,
    pauses * tsmultirange(tsrange(debut, fin)) as pauses,
    tsmultirange(tsrange(debut, fin)) - pauses as travail
from avec_pauses
