-- The alerts of orders: planned without an operation, all gone at once. One row per alert.

with horloge as (

    select * from {{ ref('int_horloge') }}

),

commandes as (

    select * from {{ ref('commandes_volets') }}

),

operations as (

    select * from {{ ref('commandes_volets_operations') }}

),

-- All orders are gone at once: the snapshot `commandes_volets_versions` then keeps their versions open.
disparues as (

    select count(*) as nb
    from {{ ref('commandes_volets_historique') }}
    where est_actuelle and not exists (select 1 from commandes)

),

planifiees as (

    select
        commandes.id_commande,
        commandes.numero_commande,
        commandes.extension,
        commandes.affaire,
        coalesce(
            commandes.date_modification, commandes.date_synchronisation at time zone '{{ var("fuseau_horaire") }}'
        ) as planifiee_le
    from commandes
    left join operations on commandes.id_commande = operations.id_commande
    where operations.id is null

),

-- "Recent" counts back from the latest date of the orders. Impossible dates are left out.
derniere as (

    select
        horloge.premiere_date,
        horloge.derniere_date,
        max(commandes.date_modification) as planifiee_le
    from horloge
    inner join commandes on commandes.date_modification::date between horloge.premiere_date and horloge.derniere_date
    group by horloge.premiere_date, horloge.derniere_date

),

sans_operation as (

    select planifiees.*
    from planifiees
    inner join derniere
        on planifiees.planifiee_le >= derniere.planifiee_le - {{ var('alertes_jours') | int }} * interval '1 day'
        and planifiees.planifiee_le::date <= derniere.derniere_date

),

alertes as (

    select
        'commande_sans_operation' as type,
        'avertissement' as gravite,
        'commande' as sujet_type,
        id_commande as cle,
        id_commande,
        'La commande ' || coalesce(numero_commande::text || coalesce(' ' || extension, ''), id_commande)
        || coalesce(' (' || left(affaire, 100) || ')', '') || ', planifiée le ' || {{ date_en_francais('planifiee_le') }}
        || ', n''a aucune opération.' as message,
        0 as valeur,
        1 as seuil,
        planifiee_le as survenue_le,
        false as en_cours
    from sans_operation
    union all
    select
        'commandes_disparues' as type,
        'critique' as gravite,
        'table' as sujet_type,
        'a_kopf' as cle,
        null as id_commande,
        'Il n''y a plus aucune commande de volets planifiée, alors que la dernière fois il y en avait ' || nb
        || ' : l''ERP était sans doute vide ou incomplet quand il a été lu. À signaler à l''informatique.' as message,
        0 as valeur,
        nb::numeric as seuil,
        null as survenue_le,
        true as en_cours
    from disparues
    where nb > 0

)

select * from alertes
