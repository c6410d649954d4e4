-- A file's rejected lines are as many as `suivi_chargement` counts, with numbers that the file has, and every rejected line is of a
-- loaded file. One row per file.

{{ config(tags=['audit']) }}

with suivi as (

    select * from {{ ref('suivi_chargement') }}

),

rejets as (

    select
        dossier,
        fichier,
        count(*) as nb_rejets,
        min(numero_ligne) as premiere_ligne,
        max(numero_ligne) as derniere_ligne
    from {{ ref('lignes_rejetees') }}
    group by dossier, fichier

)

select
    coalesce(suivi.dossier, rejets.dossier) as dossier,
    coalesce(suivi.fichier, rejets.fichier) as fichier,
    suivi.nb_lignes,
    suivi.nb_rejets as nb_rejets_du_suivi,
    rejets.nb_rejets as nb_lignes_rejetees,
    rejets.premiere_ligne,
    rejets.derniere_ligne
from suivi
full join rejets on suivi.dossier = rejets.dossier and suivi.fichier = rejets.fichier
where
    suivi.nb_rejets is distinct from coalesce(rejets.nb_rejets, 0)
    or rejets.premiere_ligne < 1
    or rejets.derniere_ligne > suivi.nb_lignes
