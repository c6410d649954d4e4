-- De quelles lignes de fichier vient un chiffre ? Une ligne par événement d'une session, dans l'ordre qui fait foi. Ici la session
-- qui a le plus de pièces ; pour une autre, mettre dans `choisie`, au lieu de l'ordre et de la limite, `where sessions.centre = '…'
-- and sessions.date_production = '…'`. Le dernier `numero_piece` est son `total_pieces`.

with choisie as (

    select sessions.id
    from {{ ref('session_production') }} as sessions
    order by sessions.total_pieces desc, sessions.id asc
    limit 1

)

select
    dossier,
    fichier,
    numero_ligne,
    horodatage,
    evenement,
    details,
    motif,
    numero_piece
from {{ ref('evenements') }}
where session_id = (select choisie.id from choisie)
order by fichier collate "C", dossier collate "C", numero_ligne
