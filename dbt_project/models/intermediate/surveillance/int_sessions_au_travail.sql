-- The PostgreSQL session that holds the lock of loads and builds now. One row, or none.

with sessions as (

    select pid
    from pg_locks
    where
        locktype = 'advisory'
        and granted
        and classid = 0
        and objid = 6581364
        and objsubid = 1
        and database = (
            select pg_database.oid from pg_database
            where pg_database.datname = current_database()
        )

)

select * from sessions
