-- Worklist: the sessions to rebuild, because what they are made from has changed since they were built, or is gone. One row per
-- session.

-- The lock waits for another command that is loading the seed, which would look empty meanwhile.
{{ config(
    materialized='incremental',
    unique_key='key',
    meta={'worklist': true},
    pre_hook='lock table seeds.centres in access share mode',
    post_hook='{{ mark_pending() }}',
) }}

with sessions as (

    select * from {{ ref('int_sessions') }}

),

state as (

    select
        key,
        fingerprint
    from {{ source('platform', 'worklist_state') }}
    where worklist = 'int_sessions_a_construire'

),

built as (

    select * from state
    where key != ''

),

a_construire as (

    select
        coalesce(sessions.key, built.key) as key,
        sessions.fingerprint,
        sessions.centre,
        sessions.debut,
        sessions.fin,
        sessions.terminee,
        sessions.fichier_log_source
    from sessions
    full join built on sessions.key = built.key
    where {{ is_to_be_made('sessions', 'built') }}

),

-- Of a session that is gone only the key is left: folder and day are read from it.
decrites as (

    select
        key,
        fingerprint,
        left(key, -11) as dossier,
        right(key, 10)::date as date_production,
        centre,
        debut,
        fin,
        terminee,
        fichier_log_source
    from a_construire

)

select
    key,
    fingerprint,
    {{ cle(['dossier', 'date_production']) }} as session_id,
    {{ cle(['dossier']) }} as centre_usinage_id,
    dossier,
    centre,
    date_production,
    debut,
    fin,
    terminee,
    fichier_log_source
from decrites
