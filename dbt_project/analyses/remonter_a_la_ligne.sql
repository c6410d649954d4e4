-- De quelles lignes de fichier vient un chiffre ? Une ligne par événement d'une session, dans l'ordre qui fait foi, avec la ligne
-- de `raw`. Ici la session qui a le plus de pièces ; pour une autre, mettre dans `choisie`, au lieu de l'ordre et de la limite,
-- `where centres.nom = '…' and sessions.date_production = '…'`. La ligne brute est telle que le chargeur l'a gardée, un caractère
-- par octet : ses accents n'y sont pas encore lus. Seule analyse à sortir des marts : le rôle `analyst` n'y suffit pas.

with choisie as (

    select
        sessions.id,
        centres.dossier,
        sessions.date_production,
        sessions.total_pieces
    from {{ ref('session_production') }} as sessions
    inner join {{ ref('centre_usinage') }} as centres on sessions.centre_usinage_id = centres.id
    order by sessions.total_pieces desc, sessions.id asc
    limit 1

),

evenements as (

    select * from {{ ref('int_evenements') }}

),

lignes as (

    select * from {{ source('logs', 'log_lines') }}

),

fichiers as (

    select * from {{ source('logs', 'log_files') }}

)

select
    choisie.dossier,
    evenements.fichier,
    evenements.numero_ligne,
    evenements.evenement,
    evenements.motif,
    -- Le numéro que la pièce porte dans `piece_production` ; le dernier est le `total_pieces` de la session.
    case
        when evenements.evenement = 'StukUitgevoerd'
            then count(*) filter (where evenements.evenement = 'StukUitgevoerd') over (
                order by evenements.fichier collate "C", evenements.numero_ligne
            )
    end as numero_piece,
    evenements.duree_secondes,
    lignes.line as ligne_brute,
    fichiers.loaded_at as charge_le
from choisie
inner join evenements on choisie.id = evenements.session_id
inner join fichiers on choisie.dossier = fichiers.folder and evenements.fichier = fichiers.file_name
inner join lignes on fichiers.file_version = lignes.file_version and evenements.numero_ligne = lignes.line_number
order by evenements.fichier collate "C", evenements.numero_ligne
