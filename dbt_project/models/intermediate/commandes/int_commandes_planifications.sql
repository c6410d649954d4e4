-- The journal entries that plan an order, each with the week that its note names. One row per entry.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_erp_a_lire'}},
) }}

with journal as (

    select * from {{ ref('stg_erp__a_logbuch') }}

),

-- Materialized, so that PostgreSQL looks for a note's week once, and not again wherever the steps below use it.
planifications as materialized (

    select
        id_commande,
        date_entree,
        note,
        charge_le,
        -- The first week that the note names: its year if that stands before it, its number, its year if that stands behind it.
        regexp_match(
            {{ comparable('note') }},
            '(?<![a-z0-9_])(?:(20[0-9]{2})-?)?s(?:em(?:[.]|aine)?)? *(0?[1-9]|[1-4][0-9]|5[0-3])'
            '(?:(?: | ?[/-] ?)(20[0-9]{2}))?(?![a-z0-9_])'
        ) as semaine
    from journal
    where
        exists (select 1 from {{ ref('int_erp_a_lire') }})
        and {{ comparable('note') }} like '%cde planifiee%'

),

-- Without a year, a week is not more than half a year before its entry.
annees as (

    select
        id_commande,
        date_entree,
        note,
        charge_le,
        semaine[2]::integer as semaine,
        coalesce(
            coalesce(semaine[1], semaine[3])::integer,
            extract(isoyear from date_entree)::integer + (extract(week from date_entree) - semaine[2]::integer > 26)::integer
        ) as annee
    from planifications

),

-- The 4th of January is in a year's first week.
lundis as (

    select
        id_commande,
        date_entree,
        note,
        charge_le,
        annee,
        date_trunc('week', make_date(annee, 1, 4)::timestamp)::date + 7 * (semaine - 1) as lundi
    from annees

)

select
    id_commande,
    date_entree as date_modification,
    note,
    -- Not every year has a week 53. The year after the ERP's 31/12/9999 is one that few programs can read.
    case when extract(isoyear from lundi) = annee and annee <= 9999 then lundi end as semaine_prevue,
    charge_le
from lundis
