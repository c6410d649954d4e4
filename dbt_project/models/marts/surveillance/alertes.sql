-- What a person should look at. One row per anomaly. A view, because a machine can fall silent while nothing is built.

{{ config(materialized='view') }}

with sessions as (

    select * from {{ ref('int_alertes_sessions') }}
    union all
    select * from {{ ref('int_alertes_periodes') }}

),

silences as (

    select * from {{ ref('int_alertes_silences') }}

),

fichiers as (

    select * from {{ ref('int_alertes_fichiers') }}

),

executions as (

    select
        *,
        'source' as sujet_type
    from {{ ref('int_alertes_chargements') }}
    union all
    select
        *,
        'construction' as sujet_type
    from {{ ref('int_alertes_constructions') }}

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
        survenue_le,
        en_cours
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
        null as fichier,
        null as id_commande,
        message,
        valeur,
        seuil,
        survenue_le,
        en_cours
    from silences
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
        survenue_le,
        en_cours
    from fichiers
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
        null as id_commande,
        message,
        valeur,
        seuil,
        survenue_le,
        en_cours
    from executions
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
        survenue_le,
        en_cours
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
        survenue_le,
        en_cours
    from reunies

)

select * from alertes
