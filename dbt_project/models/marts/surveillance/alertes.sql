-- What a person should look at. One row per anomaly. A view, because a machine can fall silent while nothing is built.

{{ config(materialized='view') }}

with sessions as (

    select * from {{ ref('int_alertes_sessions') }}
    union all
    select * from {{ ref('int_alertes_silences') }}
    union all
    select * from {{ ref('int_alertes_periodes') }}

),

fichiers as (

    select * from {{ ref('int_alertes_fichiers') }}

),

chargements as (

    select * from {{ ref('int_alertes_chargements') }}

),

commandes as (

    select * from {{ ref('int_alertes_commandes') }}

),

reunies as (

    select
        type,
        gravite,
        'jour' as sujet_type,
        cle,
        centre,
        dossier,
        date_production,
        null as fichier,
        null as id_commande,
        message,
        valeur,
        seuil,
        survenue_le
    from sessions
    union all
    select
        type,
        gravite,
        sujet_type,
        cle,
        centre,
        dossier,
        date_production,
        fichier,
        null as id_commande,
        message,
        valeur,
        seuil,
        survenue_le
    from fichiers
    union all
    select
        type,
        gravite,
        'source' as sujet_type,
        cle,
        null as centre,
        null as dossier,
        null as date_production,
        null as fichier,
        null as id_commande,
        message,
        valeur,
        seuil,
        survenue_le
    from chargements
    union all
    select
        type,
        gravite,
        sujet_type,
        cle,
        null as centre,
        null as dossier,
        null as date_production,
        null as fichier,
        id_commande,
        message,
        valeur,
        seuil,
        survenue_le
    from commandes

),

alertes as (

    select
        {{ cle(['type', 'cle']) }} as id,
        type,
        gravite,
        sujet_type,
        centre,
        dossier,
        date_production,
        fichier,
        id_commande::varchar(32) as id_commande,
        message,
        valeur::numeric as valeur,
        seuil::numeric as seuil,
        survenue_le
    from reunies

)

select * from alertes
