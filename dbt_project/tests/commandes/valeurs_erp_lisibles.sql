-- Values of planned shutter orders that the marts cannot hold: a number that is not an integer, a date that is neither valid nor
-- zero, an id longer than the key. One row per order and value.

{{ config(severity='warn') }}

with a_kopf as (

    select * from {{ source('erp', 'a_kopf') }}

),

a_logbuch as (

    select * from {{ source('erp', 'a_logbuch') }}

),

commandes as (

    select * from {{ ref('commandes_volets') }}

),

accessoires as (

    select * from {{ ref('int_commandes_accessoires') }}

),

planifications as (

    select * from {{ ref('int_commandes_planifications') }}

),

numeros as (

    select
        commandes.id_commande,
        'aunummer' as colonne,
        a_kopf.aunummer as valeur
    from commandes
    inner join a_kopf on commandes.id_commande = a_kopf.id
    where commandes.numero_commande is null and btrim(a_kopf.aunummer) != ''

),

dates as (

    select distinct
        planifications.id_commande,
        'datum' as colonne,
        a_logbuch.datum as valeur
    from planifications
    inner join a_logbuch on planifications.id_commande = a_logbuch.id_a_kopf
    where
        planifications.date_modification is null
        and {{ horodatage_mysql('a_logbuch.datum') }} is null
        and a_logbuch.datum !~ '^(0000-|[0-9]{4}-00-|[0-9]{4}-[0-9]{2}-00)'

),

cles as (

    select distinct
        planifications.id_commande,
        'id' as colonne,
        planifications.id_commande as valeur
    from planifications
    where
        length(planifications.id_commande) > 32
        and planifications.id_commande in (select accessoires.id_commande from accessoires)

)

select * from numeros
union all
select * from dates
union all
select * from cles
