-- A session's pieces are numbered from 1 without gaps, are as many as its total, lie between its first and last time, and have
-- profiles of the same session. One row per session, with the rules it breaks.

{{ config(tags=['audit']) }}

with sessions as (

    select * from {{ ref('session_production') }}

),

centres as (

    select * from {{ ref('centre_usinage') }}

),

pieces as (

    select * from {{ ref('piece_production') }}

),

profils as (

    select * from {{ ref('job_profil') }}

),

comptes as (

    select
        pieces.session_id,
        count(*) as nb_pieces,
        count(distinct pieces.numero_piece) as nb_numeros,
        min(pieces.numero_piece) as premier_numero,
        max(pieces.numero_piece) as dernier_numero,
        min(pieces.timestamp_production) as premiere_heure,
        max(pieces.timestamp_production) as derniere_heure,
        count(*) filter (where pieces.session_id != profils.session_id) as nb_profils_d_ailleurs
    from pieces
    left join profils on pieces.job_profil_id = profils.id
    group by pieces.session_id

),

verifiees as (

    select
        centres.dossier,
        sessions.date_production,
        sessions.fichier_log_source,
        sessions.total_pieces,
        comptes.nb_pieces,
        comptes.premier_numero,
        comptes.dernier_numero,
        comptes.nb_profils_d_ailleurs,
        concat_ws(
            ' ; ',
            case when sessions.total_pieces != coalesce(comptes.nb_pieces, 0) then 'total_pieces = nombre de pièces' end,
            case when comptes.premier_numero != 1 then 'numéros à partir de 1' end,
            case when comptes.dernier_numero != comptes.nb_pieces then 'numéros sans trou' end,
            case when comptes.nb_numeros != comptes.nb_pieces then 'numéros sans double' end,
            case when sessions.heure_premiere_piece is distinct from comptes.premiere_heure then 'heure de la première pièce' end,
            case when sessions.heure_derniere_piece is distinct from comptes.derniere_heure then 'heure de la dernière pièce' end,
            case when comptes.nb_profils_d_ailleurs > 0 then 'profilés de la session' end
        ) as regles_enfreintes
    from sessions
    inner join centres on sessions.centre_usinage_id = centres.id
    left join comptes on sessions.id = comptes.session_id

)

select * from verifiees
where regles_enfreintes != ''
