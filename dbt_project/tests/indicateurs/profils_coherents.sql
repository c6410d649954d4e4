-- The profiles of the sessions count every bar taken and every piece that has a profile, and those over all of history are their
-- sum. One row per total that differs.

{{ config(tags=['audit']) }}

with barres as (

    select
        count(*) as barres,
        coalesce(sum(longueur), 0) / 1000 as metres
    from {{ ref('job_profil') }}

),

pieces as (

    select count(*) as pieces
    from {{ ref('piece_production') }}
    where job_profil_id is not null

),

journaliers as (

    select
        coalesce(sum(barres), 0) as barres,
        coalesce(sum(metres), 0) as metres,
        coalesce(sum(pieces), 0) as pieces,
        count(*) filter (
            where nombre_cycles not between 0 and pieces or (temps_cycle_median_secondes is null) != (nombre_cycles = 0)
        ) as nb_faux_cycles
    from {{ ref('production_profil_journaliere') }}

),

distincts as (

    select count(*) as nb_profils
    from (select distinct
        reference,
        couleur
    from {{ ref('production_profil_journaliere') }}) as couples

),

profils as (

    select
        coalesce(sum(barres), 0) as barres,
        coalesce(sum(metres), 0) as metres,
        coalesce(sum(pieces), 0) as pieces,
        count(*) as nb_profils
    from {{ ref('production_profil') }}

),

totaux as (

    select
        'barres' as nature,
        barres.barres as attendu,
        journaliers.barres as par_session,
        profils.barres as en_tout,
        0 as tolerance
    from barres
    cross join journaliers
    cross join profils
    union all
    select
        'mètres' as nature,
        barres.metres as attendu,
        journaliers.metres as par_session,
        profils.metres as en_tout,
        -- The tolerance: each profile's metres are rounded.
        0.005 * profils.nb_profils as tolerance
    from barres
    cross join journaliers
    cross join profils
    union all
    select
        'pièces' as nature,
        pieces.pieces as attendu,
        journaliers.pieces as par_session,
        profils.pieces as en_tout,
        0 as tolerance
    from pieces
    cross join journaliers
    cross join profils
    union all
    select
        'profilés' as nature,
        distincts.nb_profils as attendu,
        distincts.nb_profils as par_session,
        profils.nb_profils as en_tout,
        0 as tolerance
    from distincts
    cross join profils
    union all
    select
        'temps de cycle faux' as nature,
        0 as attendu,
        journaliers.nb_faux_cycles as par_session,
        0 as en_tout,
        0 as tolerance
    from journaliers

)

select
    nature,
    attendu,
    par_session,
    en_tout
from totaux
where attendu != par_session or abs(attendu - en_tout) > tolerance
