-- The declared working time, without the lines in error. One row per centre, declaration and weekday.

{{ config(materialized='incremental') }}

with centres as (

    select * from {{ ref('centres') }}

),

postes as (

    select * from {{ ref('stg_horaires__postes') }}
    where erreur is null

),

pauses as (

    select * from {{ ref('stg_horaires__pauses') }}
    where erreur is null

),

jours_fermes as (

    select * from {{ ref('stg_horaires__jours_fermes') }}
    where erreur is null

),

cadences as (

    select * from {{ ref('stg_horaires__cadences') }}
    where erreur is null

),

declarations as (

    select
        'poste' as nature,
        centre,
        premier_jour,
        dernier_jour,
        poste as nom,
        debut,
        fin,
        valable_du as du,
        valable_au as au,
        null::numeric as pieces_par_heure
    from postes
    union all
    select
        'pause' as nature,
        centre,
        premier_jour,
        dernier_jour,
        poste as nom,
        debut,
        fin,
        valable_du as du,
        valable_au as au,
        null as pieces_par_heure
    from pauses
    union all
    select
        'jour_ferme' as nature,
        centre,
        null as premier_jour,
        null as dernier_jour,
        motif as nom,
        null as debut,
        null as fin,
        du,
        au,
        null as pieces_par_heure
    from jours_fermes
    union all
    select
        'cadence' as nature,
        centre,
        null as premier_jour,
        null as dernier_jour,
        null as nom,
        null as debut,
        null as fin,
        valable_du as du,
        valable_au as au,
        pieces_par_heure
    from cadences

),

-- Lines for all centres do not count for a centre that has lines of its own. Closed days add up.
declarations_des_centres as (

    select
        centres.dossier,
        declarations.*
    from declarations
    inner join centres on coalesce(declarations.centre, centres.nom) = centres.nom
    where
        declarations.centre is not null
        or declarations.nature = 'jour_ferme'
        or not exists (
            select 1 from declarations as propres
            where propres.nature = declarations.nature and propres.centre = centres.nom
        )

)

select
    declarations.dossier,
    declarations.nature,
    jours.jour_semaine,
    declarations.nom,
    declarations.debut,
    declarations.fin,
    declarations.du,
    declarations.au,
    declarations.pieces_par_heure
from declarations_des_centres as declarations
left join lateral generate_series(declarations.premier_jour, declarations.dernier_jour) as jours (jour_semaine) on true
