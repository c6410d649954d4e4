-- Least privilege in the warehouse: four roles and what each may do. `make grants` applies this, as an administrator, to an empty
-- database or to a warehouse of any age, whoever built it, any number of times.
--
--   loader        owns the schema raw and all that is in it; sees nothing else, but for what dbt says that it has read
--   transformer   reads raw; owns the schemas that dbt builds and all that is in them
--   analyst       reads the schema marts, and nothing else; `grant analyst to marie` makes Marie one, and the report is one too
--   notifier      reads like an analyst, and adds to what is known of alerts (`historique.alertes_etats`); `make alerts`
--
-- None of them may create a schema, and nobody else may even connect, unless an administrator lets them.

-- The roles, and who may apply this.

do $$
declare
    is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
    database_owner oid := (select datdba from pg_database where datname = current_database());
    role_name text;
begin
    if not pg_has_role(database_owner, 'usage') then
        raise exception '% is neither a superuser nor the owner of the database', current_user using errcode = 'insufficient_privilege';
    end if;
    foreach role_name in array array['loader', 'transformer', 'analyst', 'notifier'] loop
        if to_regrole(role_name) is null then
            execute format('create role %I', role_name);
        end if;
    end loop;
    -- Only a superuser or a member can hand something over to a role.
    if not is_superuser then
        grant loader, transformer, analyst, notifier to current_user;
    end if;
end
$$;
grant analyst to notifier;
-- The report and the alerts put on their roles where dbt's account is all that they are given.
grant analyst, notifier to transformer with inherit false;

-- The database.

do $$
begin
    execute format('revoke all on database %I from public, loader, transformer, analyst, notifier', current_database());
    execute format('grant connect on database %I to loader, transformer, analyst, notifier', current_database());
    execute format('grant temporary on database %I to loader, transformer', current_database());
end
$$;
revoke create on schema public from public;

-- The schemas, and who owns what is in them.

create schema if not exists raw;
create schema if not exists seeds;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists marts;
create schema if not exists historique;
create schema if not exists verifications;

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
        -- «alter table» takes tables, views and sequences alike. A sequence that belongs to a column goes with its table.
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
        -- What raw's tables do by themselves.
        select format('alter routine %s owner to %s', p.oid::regprocedure, owners.role_name)
        from pg_proc as p
        inner join owners on p.pronamespace = owners.schema_id
        where p.proowner <> owners.role_name::regrole and owners.role_name = 'loader'
    loop
        execute handover;
    end loop;
end
$$;

-- What the others may do there, now …

revoke all on schema raw from public, transformer, analyst, notifier;
revoke all on schema seeds, staging, intermediate, marts, historique, verifications from public, loader, analyst, notifier;
revoke all on all tables in schema raw from public, transformer, analyst, notifier;
revoke all on all tables in schema seeds, staging, intermediate, marts, historique, verifications
from public, loader, analyst, notifier;

grant usage on schema raw to transformer;
grant select on all tables in schema raw to transformer;
grant usage on schema marts to analyst;
grant select on all tables in schema marts to analyst;
-- To its table, which `alert_states.sql` makes, it may add.
grant usage on schema historique to notifier;

-- `make purge` asks the state of dbt's worklists what has been read, and notes there what it has purged.
-- dbt makes the same table where nobody has run this.
grant usage on schema intermediate to loader;
create table if not exists intermediate.worklist_state (
    worklist text, key text, fingerprint text not null, primary key (worklist, key)
);
alter table intermediate.worklist_state owner to transformer;
grant select, update on intermediate.worklist_state to loader;

-- … and with what will be created later: by its owner, or by the administrator, who may load and build too.

alter default privileges for role loader, current_user in schema raw grant select on tables to transformer;
alter default privileges for role transformer, current_user in schema marts grant select on tables to analyst;
