-- The profiles of each session. One row per session, reference and colour.

{{ config(
    unique_key='id',
    meta={
        'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}},
        'retired_columns': {'temps_cycle_median': 'numeric(14,2)'},
    },
    indexes=[{'columns': ['session_id']}],
) }}

with toutes_prises as (

    select * from {{ ref('job_profil') }}

),

tous_cycles as (

    select * from {{ ref('int_cycles') }}

),

a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

profils as (

    select profils.*
    from a_construire
    inner join toutes_prises as profils on a_construire.session_id = profils.session_id

),

comptees as (

    select cycles.*
    from a_construire
    inner join tous_cycles as cycles on a_construire.session_id = cycles.session_id
    where cycles.job_profil_id is not null

),

cycles as (

    select
        comptees.session_id,
        profils.reference,
        profils.couleur,
        extract(epoch from comptees.duree_cycle)::numeric as duree_cycle,
        sum(comptees.nombre) as nombre
    from comptees
    inner join profils on comptees.session_id = profils.session_id and comptees.job_profil_id = profils.id
    group by comptees.session_id, profils.reference, profils.couleur, comptees.duree_cycle

),

cycles_ranges as (

    select
        *,
        sum(nombre) over (partition by session_id, reference, couleur order by duree_cycle) as cumul,
        sum(nombre) filter (where duree_cycle is not null) over (partition by session_id, reference, couleur) as total
    from cycles

),

usinees as (

    select
        session_id,
        reference,
        couleur,
        sum(nombre)::integer as pieces,
        coalesce(max(total), 0)::integer as nombre_cycles,
        coalesce(sum(nombre * duree_cycle), 0) as secondes_cycles,
        {{ mediane('duree_cycle', 'cumul', 'total') }} as temps_cycle_median
    from cycles_ranges
    group by session_id, reference, couleur

),

prises as (

    select
        session_id,
        reference,
        couleur,
        count(*)::integer as barres,
        sum(longueur) * 0.001 as metres,
        min(timestamp_debut) as premiere_utilisation,
        max(timestamp_debut) as derniere_utilisation
    from profils
    group by session_id, reference, couleur

),

tous_profils as (

    select
        prises.session_id,
        prises.reference,
        prises.couleur,
        prises.barres,
        prises.metres,
        coalesce(usinees.pieces, 0) as pieces,
        coalesce(usinees.nombre_cycles, 0) as nombre_cycles,
        coalesce(usinees.secondes_cycles, 0) as secondes_cycles,
        usinees.temps_cycle_median,
        prises.premiere_utilisation,
        prises.derniere_utilisation
    from prises
    left join usinees
        on prises.session_id = usinees.session_id
        and prises.reference = usinees.reference
        and prises.couleur is not distinct from usinees.couleur

)

select
    {{ cle(['profils.session_id', 'profils.reference', 'profils.couleur']) }} as id,
    profils.session_id,
    a_construire.centre_usinage_id,
    a_construire.date_production,
    profils.reference,
    profils.couleur,
    profils.barres,
    profils.metres,
    profils.pieces,
    profils.nombre_cycles,
    profils.secondes_cycles,
    profils.temps_cycle_median::numeric(14, 2) as temps_cycle_median_secondes,
    profils.premiere_utilisation,
    profils.derniere_utilisation,
    a_construire.centre
from tous_profils as profils
inner join a_construire on profils.session_id = a_construire.session_id
