-- Qu'est-ce qui est arrivé depuis vingt-quatre heures ? Une ligne par fichier LOG et par commande de volets chargés, ou changés,
-- depuis, et par chiffre d'une session passée que cela a changé.

with suivi as (

    select * from {{ ref('suivi_chargement') }}

),

commandes as (

    select * from {{ ref('commandes_volets') }}

),

revisions as (

    select * from {{ ref('revisions') }}

),

changements as (

    select
        'fichier' as nature,
        dossier || '/' || fichier as sujet,
        charge_le as depuis,
        nb_lignes || ' lignes, ' || nb_evenements || ' événements, ' || nb_rejets || ' rejets : ' || statut as constat
    from suivi
    union all
    select
        'commande' as nature,
        concat_ws(' ', coalesce(numero_commande::text, id_commande), extension, affaire) as sujet,
        date_synchronisation as depuis,
        concat_ws(', ', statut, 'planifiée le ' || to_char(date_modification, 'DD/MM/YYYY')) as constat
    from commandes
    union all
    select
        'chiffre' as nature,
        concat_ws(' ', dossier, date_production, colonne) as sujet,
        revisee_le as depuis,
        concat(coalesce(ancienne_valeur, 'NULL'), ' → ', coalesce(nouvelle_valeur, 'NULL'), ' (', cause, ')') as constat
    from revisions

)

select * from changements
where depuis > now() - interval '24 hours'
order by depuis desc, nature asc, sujet asc
