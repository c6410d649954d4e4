-- The production days of the sessions on the worklist, cut into planned time, breaks, and what is outside all shifts, without gaps
-- or overlaps. One row per part.

{{ config(materialized='ephemeral') }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}
    where fingerprint is not null

),

tous_postes as (

    select * from {{ ref('int_postes') }}

),

postes as (

    select
        a_construire.session_id,
        tsmultirange(tsrange(a_construire.debut, a_construire.fin)) as journee,
        postes.date_poste,
        postes.poste,
        postes.debut,
        postes.fin,
        postes.pauses,
        postes.travail,
        -- Where two shifts meet, because the one is no longer valid on the next day and the other is, the first to begin counts.
        coalesce(
            range_agg(tsrange(postes.debut, postes.fin)) over (
                partition by a_construire.session_id order by postes.debut rows between unbounded preceding and 1 preceding
            ), '{}'
        ) as postes_precedents
    from a_construire
    inner join (values (-1), (0), (1)) as decalages (jours) on true
    inner join lateral (
        -- Day by day, through the index on dates.
        select * from tous_postes
        where
            tous_postes.dossier = a_construire.dossier
            and tous_postes.date_poste = a_construire.date_production + decalages.jours
        limit all
    ) as postes on a_construire.debut < postes.fin and a_construire.fin > postes.debut

),

hors_postes as (

    select
        a_construire.session_id,
        tsmultirange(tsrange(a_construire.debut, a_construire.fin)) - coalesce(occupees.periodes, '{}') as periodes
    from a_construire
    left join (
        select
            session_id,
            range_agg(tsrange(debut, fin)) as periodes
        from postes
        group by session_id
    ) as occupees on a_construire.session_id = occupees.session_id

),

plages as (

    select
        session_id,
        'poste' as nature,
        debut as debut_poste,
        date_poste,
        poste,
        unnest(journee * travail - postes_precedents) as periode
    from postes
    union all
    select
        session_id,
        'pause' as nature,
        debut as debut_poste,
        date_poste,
        poste,
        unnest(journee * pauses - postes_precedents) as periode
    from postes
    union all
    select
        session_id,
        'hors_poste' as nature,
        null as debut_poste,
        null as date_poste,
        null as poste,
        unnest(periodes) as periode
    from hors_postes

)

select
    session_id,
    nature,
    debut_poste,
    date_poste,
    poste,
    lower(periode) as debut,
    upper(periode) as fin
from plages
