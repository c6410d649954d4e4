-- Quelles lignes la plateforme n'a-t-elle pas su lire, et pourquoi ? Une ligne par dossier et motif, avec le dernier exemple.
-- `format` et `horodatage` : la ligne est perdue pour les chiffres. `duree` et `profil` : l'événement compte, mais sans sa valeur.

with rejets as (

    select * from {{ ref('lignes_rejetees') }}

),

suivi as (

    select
        dossier,
        sum(nb_lignes) as nb_lignes
    from {{ ref('suivi_chargement') }}
    group by dossier

),

comptes as (

    select
        dossier,
        motif,
        count(*) as nb_rejets,
        count(distinct fichier) as nb_fichiers,
        (array_agg(ligne order by fichier desc, numero_ligne desc))[1] as exemple,
        (array_agg(fichier || ', ligne ' || numero_ligne order by fichier desc, numero_ligne desc))[1] as ou
    from rejets
    group by dossier, motif

)

select
    comptes.dossier,
    comptes.motif,
    comptes.nb_rejets as rejets,
    round(10000.0 * comptes.nb_rejets / suivi.nb_lignes, 1) as pour_dix_mille_lignes,
    comptes.nb_fichiers as fichiers,
    comptes.exemple,
    comptes.ou
from comptes
inner join suivi on comptes.dossier = suivi.dossier
order by rejets desc, comptes.dossier asc, comptes.motif asc
