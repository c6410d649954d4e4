-- The alerts of long stops and waits. One row per session and start.

with periodes as (

    select * from {{ ref('int_periodes_longues') }}

),

presences as (

    select * from {{ ref('int_presences') }}

),

-- What lies in a break, between two shifts or on a closed day is no trouble.
comptees as (

    select
        periodes.*,
        presences.est_declare,
        comptes.secondes
    from periodes
    inner join presences on periodes.dossier = presences.dossier
    inner join lateral (
        select tsmultirange(tsrange(periodes.timestamp_debut, periodes.timestamp_fin)) as periode
    ) as durees on true
    inner join lateral (
        select sum({{ secondes_vecues('lower(partie)', 'upper(partie)') }}) as secondes
        from unnest(
            case when presences.est_declare then durees.periode * presences.prevu else durees.periode end
        ) as parties (partie)
    ) as comptes on comptes.secondes > 60 * periodes.seuil

),

-- Of a stop and a wait that overlap, the longer one.
retenues as (

    select * from comptees
    where not exists (
        select 1 from comptees as autres
        where
            autres.dossier = comptees.dossier
            and autres.date_production = comptees.date_production
            and autres.timestamp_debut < comptees.timestamp_fin
            and autres.timestamp_fin > comptees.timestamp_debut
            and (autres.secondes, autres.type, comptees.timestamp_debut)
            > (comptees.secondes, comptees.type, autres.timestamp_debut)
    )

)

select
    type,
    'avertissement' as gravite,
    dossier || '/' || to_char(timestamp_debut, 'YYYY-MM-DD HH24:MI:SS') || '/' || date_production as cle,
    centre,
    dossier,
    date_production,
    centre || ', ' || {{ date_en_francais('timestamp_debut') }} || ' : '
    || case type when 'arret_long' then 'machine arrêtée' else 'machine en attente' end
    || ' de ' || {{ heure_en_francais('timestamp_debut') }} || ' à ' || {{ heure_en_francais('timestamp_fin') }}
    || ', soit ' || {{ duree_en_francais('secondes') }} || case when est_declare then ' de travail prévu.' else '.' end as message,
    round(secondes / 60, 2) as valeur,
    seuil,
    timestamp_debut as survenue_le,
    false as en_cours
from retenues
