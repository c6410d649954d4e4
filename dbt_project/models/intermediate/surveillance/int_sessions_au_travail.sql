-- The sessions that hold the lock of loads and builds at this very moment: one, or none. One row per session.

with sessions as (

    {{ sessions_at_work() }}

)

select * from sessions
