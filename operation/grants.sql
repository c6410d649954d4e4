-- Five roles and their rights. `make grants` applies this as an administrator, to an empty database or an existing warehouse, any
-- number of times.
--
--   loader        owns the schema raw and all that is in it; reads and updates dbt's worklist state, and nothing else
--   transformer   reads raw; owns the schemas that dbt builds and all that is in them
--   analyst       reads the schema marts, and makes views and tables of her own in the schema analyses; for people
--                 (`grant analyst to marie`) and `make report`
--   notifier      reads the schema marts, and inserts into `historique.alertes_etats`; for `make alerts`
--   backup        reads everything, and creates databases in which it tries its backups; for `make backup`
--
-- None of them may create a schema in this database. Nobody else may connect, unless an administrator grants it.
--
-- What somebody makes in the schema analyses is hers: others read it only if she grants it to them (`grant select on … to analyst`).

-- Create the roles.

do $$
declare
    is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
    database_owner oid := (select datdba from pg_database where datname = current_database());
    role_name text;
    grantor regrole;
begin
    if not pg_has_role(database_owner, 'usage') then
        raise exception '% is neither a superuser nor the owner of the database', current_user using errcode = 'insufficient_privilege';
    end if;
    foreach role_name in array array['loader', 'transformer', 'analyst', 'notifier', 'backup'] loop
        if to_regrole(role_name) is null then
            execute format('create role %I', role_name);
        end if;
    end loop;
    if is_superuser then
        alter role backup createdb;
        grant pg_read_all_data to backup;
    else
        -- Only a superuser or a member of a role can make it an owner.
        grant loader, transformer, analyst, notifier to current_user;
    end if;
    -- Earlier versions made notifier an analyst. It does not need all that an analyst may do.
    for grantor in
        select m.grantor from pg_auth_members as m
        where m.roleid = 'analyst'::regrole and m.member = 'notifier'::regrole
    loop
        execute format('revoke analyst from notifier granted by %s', grantor);
    end loop;
end
$$;
-- The report and the alerts use dbt's account unless they have their own, and take their roles by `set role`.
grant analyst, notifier to transformer with inherit false;

-- Rights on the database.

do $$
begin
    execute format('revoke all on database %I from public, loader, transformer, analyst, notifier, backup', current_database());
    execute format('grant connect on database %I to loader, transformer, analyst, notifier, backup', current_database());
    execute format('grant temporary on database %I to loader, transformer, analyst', current_database());
end
$$;
revoke create on schema public from public;

-- Create the schemas, and set the owners of what is in them.

create schema if not exists raw;
create schema if not exists seeds;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists marts;
create schema if not exists historique;
create schema if not exists verifications;
create schema if not exists analyses;
-- Not an analyst's, because a schema's owner may drop what others have made in it.
alter schema analyses owner to pg_database_owner;

do $$
declare
    handover text;
begin
    for handover in
        with owners as (
            select
                oid as schema_id,
                nspowner as owner_id,
                case when nspname = 'raw' then 'loader' else 'transformer' end as role_name
            from pg_namespace
            where nspname in ('raw', 'seeds', 'staging', 'intermediate', 'marts', 'historique', 'verifications')
        )

        select format('alter schema %s owner to %s', schema_id::regnamespace, role_name)
        from owners
        where owner_id <> role_name::regrole
        union all
        -- `alter table` also takes views and sequences. A sequence that belongs to a column changes its owner with the table.
        select format('alter table %s owner to %s', c.oid::regclass, owners.role_name)
        from pg_class as c
        inner join owners on c.relnamespace = owners.schema_id
        where
            c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
            and c.relowner <> owners.role_name::regrole
            and not exists (
                select from pg_depend as d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and c.relkind = 'S'
            )
        union all
        -- The functions of raw's triggers.
        select format('alter routine %s owner to %s', p.oid::regprocedure, owners.role_name)
        from pg_proc as p
        inner join owners on p.pronamespace = owners.schema_id
        where p.proowner <> owners.role_name::regrole and owners.role_name = 'loader'
    loop
        execute handover;
    end loop;
end
$$;

-- Rights on what exists now.

revoke all on schema raw from public, transformer, analyst, notifier;
revoke all on schema seeds, staging, intermediate, marts, historique, verifications from public, loader, analyst, notifier;
revoke all on schema analyses from public, loader, transformer, notifier;
revoke all on all tables in schema raw from public, transformer, analyst, notifier;
revoke all on all tables in schema seeds, staging, intermediate, marts, historique, verifications
from public, loader, analyst, notifier;

grant usage on schema raw to transformer;
grant select on all tables in schema raw to transformer;
grant usage on schema marts to analyst, notifier;
grant select on all tables in schema marts to analyst, notifier;
grant usage, create on schema analyses to analyst;
-- `make grants` then creates the table `alertes_etats`, and lets notifier insert into it.
grant usage on schema historique to notifier;

-- `make purge` reads in the state of dbt's worklists which files have been read, and marks there those that it has purged.
-- dbt creates the same table in a warehouse without these roles.
grant usage on schema intermediate to loader;
create table if not exists intermediate.worklist_state (
    worklist text, key text, fingerprint text not null, primary key (worklist, key)
);
alter table intermediate.worklist_state owner to transformer;
grant select, update on intermediate.worklist_state to loader;

-- Rights on what will be created later, by the owner or by the administrator, who may also load and build.

alter default privileges for role loader, current_user in schema raw grant select on tables to transformer;
alter default privileges for role transformer, current_user in schema marts grant select on tables to analyst, notifier;
