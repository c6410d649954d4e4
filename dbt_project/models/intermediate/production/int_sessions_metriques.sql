-- The figures of a session, in exact seconds. One row per session that has an event.

{{ config(materialized='ephemeral') }}

with evenements as (

    select * from {{ ref('int_evenements') }}

),

attentes as (

    select * from {{ ref('int_attentes') }}

),

arrets as (

    select * from {{ ref('int_arrets') }}

),

faits as (

    select
        session_id,
        evenement,
        horodatage,
        null::numeric as secondes_attente,
        null::numeric as secondes_arret,
        null::tsrange as attente,
        null::tsrange as arret
    from evenements
    union all
    select
        session_id,
        'attente' as evenement,
        null as horodatage,
        duree_secondes as secondes_attente,
        null as secondes_arret,
        tsrange(timestamp_debut, timestamp_fin) as attente,
        null as arret
    from attentes
    union all
    select
        session_id,
        'arret' as evenement,
        null as horodatage,
        null as secondes_attente,
        duree_secondes as secondes_arret,
        null as attente,
        tsrange(timestamp_debut, timestamp_fin) as arret
    from arrets

),

sessions as (

    select
        session_id,
        min(horodatage) filter (where evenement = 'StukUitgevoerd') as heure_premiere_piece,
        max(horodatage) filter (where evenement = 'StukUitgevoerd') as heure_derniere_piece,
        min(horodatage) filter (where evenement = 'MachineStart') as heure_premier_machine_start,
        max(horodatage) filter (where evenement = 'MachineStop') as heure_dernier_machine_stop,
        count(*) filter (where evenement = 'StukUitgevoerd')::integer as total_pieces,
        coalesce(sum(secondes_attente), 0) as secondes_attente,
        coalesce(sum(secondes_arret), 0) as secondes_arret,
        coalesce(range_agg(attente) filter (where attente is not null), '{}') as attentes,
        coalesce(range_agg(arret) filter (where arret is not null), '{}') as arrets
    from faits
    group by session_id

),

-- Stops and waits within the window from the first piece to the last. Where they overlap, the stop counts.
fenetres as (

    select
        *,
        extract(epoch from heure_derniere_piece - heure_premiere_piece)::numeric as secondes_fenetre,
        arrets * tsmultirange(tsrange(heure_premiere_piece, heure_derniere_piece)) as arrets_nets,
        attentes * tsmultirange(tsrange(heure_premiere_piece, heure_derniere_piece)) - arrets as attentes_nettes
    from sessions

),

metriques as (

    select
        session_id,
        heure_premiere_piece,
        heure_derniere_piece,
        heure_premier_machine_start,
        heure_dernier_machine_stop,
        total_pieces,
        secondes_fenetre,
        secondes_attente,
        secondes_arret,
        case
            when total_pieces > 0 then (
                select coalesce(sum(extract(epoch from upper(periode) - lower(periode))), 0)::numeric
                from unnest(attentes_nettes) as periodes (periode)
            )
        end as secondes_attente_nette,
        case
            when total_pieces > 0 then (
                select coalesce(sum(extract(epoch from upper(periode) - lower(periode))), 0)::numeric
                from unnest(arrets_nets) as periodes (periode)
            )
        end as secondes_arret_net
    from fenetres

)

select * from metriques
