-- How often each cycle time occurs in a session. A cycle time is the time since the piece before; the first piece of a session has
-- none. Few values differ, so counts are much smaller than the pieces. One row per session, profile in place and cycle time.

{{ config(
    materialized='incremental',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['session_id']}],
) }}

with a_construire as (

    select * from {{ ref('int_sessions_a_construire') }}

),

toutes_pieces as (

    select * from {{ ref('piece_production') }}

),

pieces as (

    select
        pieces.session_id,
        pieces.job_profil_id,
        pieces.timestamp_production - lag(pieces.timestamp_production) over (
            partition by pieces.session_id order by pieces.timestamp_production, pieces.numero_piece
        ) as duree_cycle
    from a_construire
    inner join toutes_pieces as pieces on a_construire.session_id = pieces.session_id

),

cycles as (

    select
        session_id,
        job_profil_id,
        duree_cycle,
        count(*) as nombre
    from pieces
    group by session_id, job_profil_id, duree_cycle

)

select * from cycles
