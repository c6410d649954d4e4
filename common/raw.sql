-- The schema raw: its tables, which the loaders fill and dbt reads, and their triggers.
--
-- A load or a purge applies this script if raw is not as the last run left it: to an empty database, or to a raw of any earlier version,
-- whose tables get the columns and keys that they lack. All tables exist after the first run of any loader, whatever that run finds.

create sequence if not exists raw.log_file_version;

-- One row per run of a loader.
create table if not exists raw.load_runs (
    run_id bigint generated always as identity,
    source text not null,
    started_at timestamptz not null default clock_timestamp(),
    outcome text not null default 'running'
);
alter table raw.load_runs
    add column if not exists ended_at timestamptz,
    add column if not exists found integer,
    add column if not exists loaded integer,
    add column if not exists unchanged integer,
    add column if not exists failed integer,
    add column if not exists rows bigint,
    add column if not exists error text,
    add column if not exists peak_memory_bytes bigint,
    add column if not exists run_id bigint generated always as identity;

create index if not exists load_runs_source_started_at_idx on raw.load_runs (source, started_at);

-- The ledger: one row per file. Names sort by code point, whatever the database's locale.
create table if not exists raw.log_files (
    folder text collate "C" not null,
    file_name text collate "C" not null,
    size_bytes bigint not null,
    modified_at timestamptz not null,
    line_count integer not null,
    loaded_at timestamptz not null default now(),
    file_version bigint not null
);
alter table raw.log_files
    add column if not exists purged_at timestamptz,
    alter column size_bytes set not null,
    alter column modified_at set not null,
    alter column line_count set not null,
    alter column loaded_at set not null,
    alter column file_version set not null;

-- The lines of all files. Their key is created after the first load, because filling a table without a key is faster.
create table if not exists raw.log_lines (
    folder text collate "C" not null,
    file_name text collate "C" not null,
    line_number integer not null,
    line text not null,
    file_version bigint not null
);

-- What the running load has transferred. Its rows move to the ledger in the transaction of the lines.
create table if not exists raw.log_transfers (
    folder text collate "C" not null,
    file_name text collate "C" not null,
    size_bytes bigint not null,
    modified_at timestamptz not null,
    line_count integer not null,
    file_version bigint not null primary key,
    batch bigint not null
);

-- The server's bytes of each folder's name (read as Latin-1): two folders never share a name in raw.
create table if not exists raw.log_folders (folder text collate "C" not null primary key, wire_name text collate "C" not null);

-- The copies of the ERP's tables: all values are text, as MySQL writes them. Other columns are added as they appear there.
create table if not exists raw.a_kopf (id text);
alter table raw.a_kopf
    add column if not exists id text,
    add column if not exists aunummer text,
    add column if not exists aualpha text,
    add column if not exists aufstatus text,
    add column if not exists kommission text,
    add column if not exists _loaded_at timestamptz not null default now();
create table if not exists raw.a_logbuch (id_a_kopf text);
alter table raw.a_logbuch
    add column if not exists id_a_kopf text,
    add column if not exists datum text,
    add column if not exists notiz text,
    add column if not exists _loaded_at timestamptz not null default now();
create table if not exists raw.p_zubeh (id_a_kopf text);
alter table raw.p_zubeh
    add column if not exists id_a_kopf text,
    add column if not exists zcode text,
    add column if not exists text text,
    add column if not exists _loaded_at timestamptz not null default now();
create table if not exists raw.a_vorgang (id_a_kopf text);
alter table raw.a_vorgang
    add column if not exists id_a_kopf text,
    add column if not exists nummer text,
    add column if not exists bezeichnung text,
    add column if not exists _loaded_at timestamptz not null default now();

-- The version of each of them: a hash of the ERP's columns and lines. A trigger deletes it when anybody writes to the table.
create table if not exists raw.erp_versions (
    table_name text not null primary key,
    version text not null,
    loaded_at timestamptz not null default now()
);

-- Keys. Of duplicates under a key that was missing, the last row is kept.
create or replace procedure raw.add_key(table_name text, kind text, columns text) language plpgsql as $$
begin
    if exists (
        select from pg_constraint
        where
            conrelid = ('raw.' || table_name)::regclass and contype in ('p', 'u')
            and pg_get_constraintdef(oid) in (format('PRIMARY KEY (%s)', columns), format('UNIQUE (%s)', columns))
    ) then
        return;
    end if;
    begin
        execute format('alter table raw.%I add %s (%s), replica identity default', table_name, kind, columns);
    exception when unique_violation then
        execute format(
            'delete from raw.%1$I where ctid in (select ctid from'
            ' (select ctid, row_number() over (partition by %2$s order by ctid desc) as place from raw.%1$I) as places where place > 1)',
            table_name, columns
        );
        execute format('alter table raw.%I add %s (%s), replica identity default', table_name, kind, columns);
    end;
end
$$;
call raw.add_key('load_runs', 'primary key', 'run_id');
call raw.add_key('log_files', 'primary key', 'folder, file_name');
call raw.add_key('log_files', 'unique', 'file_version');

-- What is made after the rows: the key of the lines, and a replica identity for tables without a key, dlt's own included. Without that, a
-- table that is published for replication takes no updates and deletes.
create or replace procedure raw.complete() language plpgsql as $$
declare
    keyless regclass;
begin
    for keyless in
        select c.oid
        from pg_class as c
        where
            c.relnamespace = 'raw'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p' and c.relreplident = 'd'
            and pg_has_role(c.relowner, 'usage')
            and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)
    loop
        execute format('alter table %s replica identity full', keyless);
    end loop;
    if exists (select from raw.log_lines) then
        call raw.add_key('log_lines', 'primary key', 'file_version, line_number');
        -- An index of an earlier version, which the key replaces.
        drop index if exists raw.log_lines_file_version;
    end if;
end
$$;

-- Runs after each statement that inserts lines. dlt's session has the number of the batch in the setting `loaders.batch`. So the new lines,
-- the deletion of those that they replace, and the ledger are one transaction, and each line is written once.
create or replace function raw.publish_log_files() returns trigger language plpgsql as $$
declare
    this_batch bigint := nullif(current_setting('loaders.batch', true), '')::bigint;
    replaced bigint[];
begin
    if this_batch is null then
        return null;
    end if;
    -- If the session with the run's lock has broken, another run may have started: this lock makes one wait.
    lock table raw.log_files in share row exclusive mode;
    if not exists (select from raw.log_transfers where batch = this_batch) then
        raise exception 'the transfers of batch % are gone: another load has started', this_batch;
    end if;
    replaced := array(
        select log_files.file_version from raw.log_files join raw.log_transfers using (folder, file_name) where batch = this_batch
    );
    delete from raw.log_lines where file_version = any (replaced);
    insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)
    select folder, file_name, size_bytes, modified_at, line_count, file_version from raw.log_transfers where batch = this_batch
    on conflict (folder, file_name) do update set
        size_bytes = excluded.size_bytes, modified_at = excluded.modified_at, line_count = excluded.line_count,
        file_version = excluded.file_version, loaded_at = excluded.loaded_at, purged_at = null;
    delete from raw.log_transfers where batch = this_batch;
    return null;
end
$$;

-- Runs after each statement that writes to a copy of the ERP's tables. It has its owner's rights, because anybody may write.
create or replace function raw.forget_erp_version() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    delete from raw.erp_versions where table_name = tg_table_name;
    return null;
end
$$;

-- Triggers that run in every session, also of a restore or a replication. Where one was missing, the version may be wrong, and is deleted.
do $$
declare
    copied text;
begin
    foreach copied in array array['a_kopf', 'a_logbuch', 'p_zubeh', 'a_vorgang'] loop
        if not exists (
            select from pg_trigger
            where tgname = 'forget_erp_version' and tgrelid = ('raw.' || copied)::regclass and tgenabled = 'A'
        ) then
            execute format(
                'create or replace trigger forget_erp_version after insert or update or delete or truncate on raw.%I'
                ' for each statement execute function raw.forget_erp_version()',
                copied
            );
            execute format('alter table raw.%I enable always trigger forget_erp_version', copied);
            delete from raw.erp_versions where table_name = copied;
        end if;
    end loop;
end
$$;
create or replace trigger publish_log_files after insert on raw.log_lines
for each statement execute function raw.publish_log_files();
alter table raw.log_lines enable always trigger publish_log_files;

-- Whether `raw.log_files` and `raw.log_lines` differ, because somebody has truncated or changed one by hand. It looks only at the oldest
-- transfer of each, so that its cost does not grow: that one is gone after a `truncate`.
create or replace function raw.ledger_is_wrong() returns boolean language sql as $$
    select
        exists (
            select from (select file_version from raw.log_lines order by file_version limit 1) as oldest
            where not exists (select from raw.log_files where log_files.file_version = oldest.file_version)
        )
        or exists (
            select from (
                select file_version from raw.log_files where line_count > 0 and purged_at is null order by file_version limit 1
            ) as oldest
            where not exists (select from raw.log_lines where log_lines.file_version = oldest.file_version)
        )
$$;

-- Lines without a row in the ledger get one, unless the ledger has a newer transfer of their file: they may be all that is left of the file.
-- A row that has lost some of its lines is kept, one that has lost all of them is deleted. The rows made or kept here get a size and a time
-- that no file has, so that the next load transfers the file, if the server still has it.
create or replace procedure raw.put_ledger_right() language plpgsql as $$
begin
    create temporary table held on commit drop as
    select folder, file_name, file_version, count(*)::integer as line_count
    from raw.log_lines
    group by folder, file_name, file_version;

    insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)
    select distinct on (folder, file_name) folder, file_name, 0, 'epoch', line_count, file_version
    from held
    order by folder, file_name, file_version desc
    on conflict (folder, file_name) do nothing;

    delete from raw.log_lines where file_version in (select file_version from held except select file_version from raw.log_files);

    delete from raw.log_files
    where line_count > 0 and purged_at is null and file_version not in (select file_version from held);

    update raw.log_files set size_bytes = 0, modified_at = 'epoch'
    from held
    where log_files.file_version = held.file_version and log_files.line_count != held.line_count;
end
$$;

call raw.complete();
