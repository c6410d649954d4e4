-- Where each session lost time: its stops and waits, net, as `chronologie` has them, by what the logs tell of their cause. One row
-- per session, hour, shift, state, length, break and profile in place.

{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

tous_segments as (

    select * from {{ ref('chronologie') }}
    where etat != 'production'

),

tous_profils as (

    select * from {{ ref('job_profil') }}

),

plages as (

    select * from {{ ref('int_plages') }}

),

segments as (

    select segments.*
    from a_construire
    inner join tous_segments as segments on a_construire.session_id = segments.session_id

),

-- Profiles and segments, by the clock: the profile in place is the last one at or before the segment's begin.
faits as (

    select
        profils.session_id,
        profils.timestamp_debut,
        0 as rang,
        profils.id as profil_id,
        null::integer as numero_segment
    from a_construire
    inner join tous_profils as profils on a_construire.session_id = profils.session_id
    union all
    select
        session_id,
        timestamp_debut,
        1 as rang,
        null as profil_id,
        numero_segment
    from segments

),

-- In the order of keys, profiles are in that of their session.
profils_comptes as (

    select
        session_id,
        numero_segment,
        profil_id,
        count(profil_id) over (
            partition by session_id order by timestamp_debut, rang, profil_id rows between unbounded preceding and current row
        ) as rang_profil
    from faits

),

profils_en_place as (

    select
        segments.session_id,
        segments.numero_segment,
        profils.profil_id
    from profils_comptes as segments
    inner join profils_comptes as profils
        on segments.session_id = profils.session_id
        and segments.rang_profil = profils.rang_profil
        and profils.profil_id is not null
    where segments.numero_segment is not null

),

parts as (

    select
        segments.session_id,
        segments.etat,
        case
            when segments.duree_secondes < 60 * {{ var('pertes_micro_minutes') }} then 'micro'
            when segments.duree_secondes >= 60 * {{ var('pertes_longue_minutes') }} then 'longue'
            else 'moyenne'
        end as classe,
        extract(hour from heures.heure)::integer as heure_du_jour,
        plages.poste,
        plages.nature = 'pause' as en_pause,
        profils_en_place.profil_id,
        segments.timestamp_debut >= greatest(heures.heure, plages.debut) as est_debut,
        least(segments.timestamp_fin, heures.heure + interval '1 hour', plages.fin)
        - greatest(segments.timestamp_debut, heures.heure, plages.debut) as duree
    from segments
    inner join lateral generate_series(
        date_trunc('hour', segments.timestamp_debut), segments.timestamp_fin - interval '1 microsecond', interval '1 hour'
    ) as heures (heure) on true
    inner join plages
        on segments.session_id = plages.session_id
        and plages.debut < least(segments.timestamp_fin, heures.heure + interval '1 hour')
        and plages.fin > greatest(segments.timestamp_debut, heures.heure)
    left join profils_en_place
        on segments.session_id = profils_en_place.session_id
        and segments.numero_segment = profils_en_place.numero_segment

),

pertes as (

    select
        parts.session_id,
        parts.heure_du_jour,
        parts.poste,
        parts.etat,
        parts.classe,
        parts.en_pause,
        profils.reference,
        profils.couleur,
        count(*) filter (where parts.est_debut)::integer as nombre,
        round(sum(extract(epoch from parts.duree)) / 60, 6)::numeric(18, 6) as minutes
    from parts
    left join tous_profils as profils on parts.profil_id = profils.id
    group by
        parts.session_id, parts.heure_du_jour, parts.poste, parts.etat, parts.classe, parts.en_pause, profils.reference,
        profils.couleur

)

select
    {{ cle([
        'pertes.session_id', 'pertes.heure_du_jour', 'pertes.poste', 'pertes.etat', 'pertes.classe', 'pertes.en_pause',
        'pertes.reference', 'pertes.couleur'
    ]) }} as id,
    pertes.session_id,
    a_construire.centre_usinage_id,
    a_construire.centre,
    a_construire.date_production,
    pertes.heure_du_jour,
    pertes.poste,
    pertes.etat,
    pertes.classe,
    pertes.en_pause,
    pertes.reference,
    pertes.couleur,
    pertes.nombre,
    pertes.minutes
from pertes
inner join a_construire on pertes.session_id = a_construire.session_id
