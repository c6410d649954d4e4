-- The sessions that hold the lock of loads and builds at this very moment: one, or none. One row per session.

with sessions as (

    {{ sessions_au_travail() }}

)

select * from sessions
