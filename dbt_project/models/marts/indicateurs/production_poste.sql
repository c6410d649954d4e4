-- The figures of each shift, from the centre's first session on, whether anything happened in it or not; and of what is outside all
-- shifts. One row per centre and shift, and one without a shift per session that has something outside. A view, because a shift
-- ends while nothing is built, and a night shift can have two sessions.

{{ config(materialized='view') }}

with centres as (

    select * from {{ ref('int_centres_bornes') }}

),

jours as (

    select * from {{ ref('int_jours') }}

),

tous_postes as not materialized (

    select * from {{ ref('int_postes') }}

),

temps_postes as (

    select * from {{ ref('int_temps_postes') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

cadences as (

    select * from {{ ref('int_horaires') }}
    where nature = 'cadence'

),

temps as (

    select
        sessions.centre_usinage_id,
        temps_postes.debut_poste,
        coalesce(temps_postes.date_poste, sessions.date_production) as date_poste,
        sum(temps_postes.pieces)::integer as pieces,
        sum(temps_postes.pieces_en_horaire)::integer as pieces_en_horaire,
        sum(temps_postes.secondes_production) as secondes_production,
        sum(temps_postes.secondes_attente) as secondes_attente,
        sum(temps_postes.secondes_arret) as secondes_arret,
        sum(temps_postes.secondes_arret_en_pause) as secondes_arret_en_pause
    from temps_postes
    inner join sessions on temps_postes.session_id = sessions.id
    group by sessions.centre_usinage_id, temps_postes.debut_poste, coalesce(temps_postes.date_poste, sessions.date_production)

),

postes as (

    select
        centres.centre_usinage_id,
        centres.centre,
        jours.jour as date_poste,
        postes.poste,
        postes.debut,
        postes.fin,
        postes.fin <= centres.commence_le as termine,
        coalesce(temps.pieces, 0) as pieces,
        coalesce(temps.pieces_en_horaire, 0) as pieces_en_horaire,
        case
            when postes.fin <= centres.commence_le
                then
                    {{ secondes_vecues('greatest(postes.debut, veille.fin)', 'postes.fin') }} - (
                        -- A break lasts as long as declared, also when the clock changes.
                        select coalesce(sum(least(pauses.vecues, pauses.a_l_horloge)), 0)
                        from (
                            select
                                {{ secondes_vecues('lower(pause)', 'upper(pause)') }} as vecues,
                                extract(epoch from upper(pause) - lower(pause)) as a_l_horloge
                            from unnest(postes.pauses) as pauses (pause)
                        ) as pauses
                    )
        end as secondes_prevues,
        coalesce(temps.secondes_production, 0) as secondes_production,
        coalesce(temps.secondes_attente, 0) as secondes_attente,
        coalesce(temps.secondes_arret, 0) as secondes_arret,
        coalesce(temps.secondes_arret_en_pause, 0) as secondes_arret_en_pause,
        3600 * coalesce(temps.pieces_en_horaire, 0) / cadences.pieces_par_heure as secondes_theoriques
    from centres
    inner join jours on jours.jour between centres.premier_jour and centres.commence_le::date
    -- Day by day: only the days that are asked for are worked out.
    inner join lateral (
        select * from tous_postes
        where tous_postes.dossier = centres.dossier and tous_postes.date_poste = jours.jour
        limit all
    ) as postes on centres.commence_le >= postes.debut
    -- Where an old night shift and a new early one meet, the time that they share is the night's.
    left join lateral (
        select max(tous_postes.fin) as fin
        from tous_postes
        where
            tous_postes.dossier = centres.dossier
            and tous_postes.date_poste = jours.jour - 1
            and tous_postes.fin between postes.debut and postes.fin
    ) as veille on true
    left join temps
        on centres.centre_usinage_id = temps.centre_usinage_id
        and jours.jour = temps.date_poste
        and postes.debut = temps.debut_poste
    left join cadences
        on centres.dossier = cadences.dossier
        and jours.jour between cadences.du and cadences.au
    union all
    select
        centres.centre_usinage_id,
        centres.centre,
        temps.date_poste,
        null as poste,
        null as debut,
        null as fin,
        temps.date_poste + interval '1 day {{ var("debut_journee") }}' <= centres.commence_le as termine,
        temps.pieces,
        null as pieces_en_horaire,
        null as secondes_prevues,
        temps.secondes_production,
        temps.secondes_attente,
        temps.secondes_arret,
        temps.secondes_arret_en_pause,
        null as secondes_theoriques
    from centres
    inner join temps on centres.centre_usinage_id = temps.centre_usinage_id
    where temps.debut_poste is null

),

arrondis as (

    select
        *,
        {{ heures('secondes_prevues') }} as temps_prevu,
        {{ heures('secondes_production') }} as temps_production,
        {{ heures('secondes_attente') }} as temps_attente,
        {{ heures('secondes_arret') }} as temps_arret
    from postes

)

select
    centre_usinage_id,
    centre,
    date_poste,
    poste,
    debut,
    fin,
    termine,
    pieces,
    pieces_en_horaire,
    temps_prevu::numeric(14, 4) as temps_prevu,
    temps_production::numeric(14, 4) as temps_production,
    temps_attente::numeric(14, 4) as temps_attente,
    temps_arret::numeric(14, 4) as temps_arret,
    case
        when temps_prevu is not null then greatest(temps_prevu - temps_production - temps_attente - temps_arret, 0)
    end::numeric(14, 4) as temps_sans_piece,
    {{ heures('secondes_arret_en_pause') }}::numeric(14, 4) as temps_arret_en_pause,
    {{ taux('secondes_production', 'secondes_prevues') }}::numeric(18, 2) as taux_disponibilite,
    case when termine then {{ taux('secondes_theoriques', 'secondes_production') }} end::numeric(18, 2) as taux_performance,
    case
        when secondes_production > 0 then {{ taux('secondes_theoriques', 'secondes_prevues') }}
    end::numeric(18, 2) as taux_rendement
from arrondis
