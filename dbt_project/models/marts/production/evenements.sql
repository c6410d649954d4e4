-- The events of the declared centres: they lead from a session's figures to its lines. One row per event. A view: with a condition
-- on sessions, or a join with them, it reads the lines of these sessions only. It uses no `with`, because PostgreSQL would then
-- compute all of history before the join.

{{ config(materialized='view') }}

select
    sessions.id as session_id,
    evenements.dossier,
    evenements.fichier,
    evenements.numero_ligne,
    evenements.horodatage,
    evenements.evenement,
    evenements.details,
    evenements.motif,
    evenements.numero_piece
from (select * from {{ ref('session_production') }}) as sessions
inner join (select * from {{ ref('centre_usinage') }}) as centres on sessions.centre_usinage_id = centres.id
cross join lateral (
    select
        fichiers.dossier,
        fichiers.fichier,
        lignes.numero_ligne,
        lignes.horodatage,
        lignes.evenement,
        lignes.details,
        lignes.motif,
        case
            when lignes.evenement = 'StukUitgevoerd'
                then
                    count(*) filter (where lignes.evenement = 'StukUitgevoerd') over (
                        order by fichiers.fichier collate "C", fichiers.dossier collate "C", lignes.numero_ligne
                    )::integer
        end as numero_piece
    from (
        select distinct
            fichier_id,
            dossier,
            fichier
        from {{ ref('int_fichiers_jours') }}
        where
            dossier_nfc = normalize(centres.dossier, nfc)
            and date_evenements between sessions.date_production and sessions.date_production + 1
            and premiere_heure < sessions.date_production + interval '1 day' + interval '{{ var("debut_journee") }}'
    ) as fichiers
    inner join (select * from {{ ref('int_lignes') }}) as lignes on fichiers.fichier_id = lignes.fichier_id
    where
        greatest((lignes.horodatage - interval '{{ var("debut_journee") }}')::date, date '0001-01-01')
        = sessions.date_production
) as evenements
