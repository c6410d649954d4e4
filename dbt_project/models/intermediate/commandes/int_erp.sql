-- The scope of everything that is made from the ERP, which is done anew where any of the four tables has changed. One row.
-- The loader writes only rows that differ: a table whose count and latest time of loading are the same is the same.

with a_kopf as (

    select
        count(*) as nb,
        max(charge_le) as charge_le
    from {{ ref('stg_erp__a_kopf') }}

),

a_logbuch as (

    select
        count(*) as nb,
        max(charge_le) as charge_le
    from {{ ref('stg_erp__a_logbuch') }}

),

p_zubeh as (

    select
        count(*) as nb,
        max(charge_le) as charge_le
    from {{ ref('stg_erp__p_zubeh') }}

),

a_vorgang as (

    select
        count(*) as nb,
        max(charge_le) as charge_le
    from {{ ref('stg_erp__a_vorgang') }}

),

erp as (

    select
        'erp' as cle,
        md5(jsonb_build_array(
            a_kopf.nb, extract(epoch from a_kopf.charge_le),
            a_logbuch.nb, extract(epoch from a_logbuch.charge_le),
            p_zubeh.nb, extract(epoch from p_zubeh.charge_le),
            a_vorgang.nb, extract(epoch from a_vorgang.charge_le)
        )::text) as empreinte
    from a_kopf
    cross join a_logbuch
    cross join p_zubeh
    cross join a_vorgang

)

select * from erp
