-- What a hub has before it knows a site. `make hub` runs this each time.

create extension if not exists postgres_fdw;
create schema if not exists hub;
create schema if not exists marts;
revoke all on schema hub, marts from public;

do $$
begin
    if to_regrole('analyst') is null then
        create role analyst;
    end if;
    execute format('revoke connect on database %I from public', current_database());
    execute format('grant connect on database %I to analyst', current_database());
    -- A transaction that is left open here keeps locks at all sites, whose builds would wait.
    execute format('alter database %I set idle_in_transaction_session_timeout = ''5min''', current_database());
    -- The sites make joins and sums, each for its part.
    execute format('alter database %I set enable_partitionwise_join = on', current_database());
    execute format('alter database %I set enable_partitionwise_aggregate = on', current_database());
end
$$;

-- `colonnes`: the columns of its marts, when it was last reached.
create table if not exists hub.sites (site text primary key, erp boolean not null, colonnes jsonb not null);

-- The sites that answer, if the session has set `hub.absents` to `ignorer`; else NULL, and a query that needs a site that is down
-- fails. Declared immutable, so that it is asked when a query is planned, and sites that do not answer are left out of the plan. It
-- asks anew after a minute, because a site whose network has gone is waited for.
create or replace function hub.presents() returns text[]
language plpgsql immutable parallel restricted security definer set search_path = pg_catalog, pg_temp
as $$
declare
    absents text := coalesce(nullif(current_setting('hub.absents', true), ''), 'refuser');
    vus text[] := string_to_array(current_setting('hub.vus', true), ' ');
    presents text[] := '{}';
    nom text;
begin
    if absents = 'refuser' then
        return null;
    elsif absents <> 'ignorer' then
        raise exception 'hub.absents is %: set it to ignorer, or to refuser', absents;
    elsif extract(epoch from clock_timestamp()) - vus [1]::numeric < 60 then
        return vus [2:];
    end if;
    for nom in select s.site from hub.sites as s loop
        begin
            execute format('select from %I.colonnes limit 1', nom);
            presents := presents || nom;
        exception when others then
            null; -- `marts.sites` says why
        end;
    end loop;
    if cardinality(presents) < (select count(*) from hub.sites) then
        raise warning 'only %', array_to_string(presents, ', ') using hint = 'marts.sites says why others do not answer';
    end if;
    perform set_config('hub.vus', concat_ws(' ', extract(epoch from clock_timestamp()), array_to_string(presents, ' ')), false);
    return presents;
end
$$;

create or replace function hub.etat_des_sites() returns table (
    site text, joignable boolean, version text, dernier_evenement timestamp, dernier_chargement timestamptz, erp boolean,
    erreur text
)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    un record;
    raison text;
begin
    for un in select * from hub.sites as s order by s.site collate "C" loop
        begin
            return query execute format(
                'select %1$L::text, true,
                    (select version from %1$I.suivi_execution where type = ''construction'' order by debut desc limit 1),
                    (
                        select max(greatest(heure_derniere_piece, heure_premier_machine_start, heure_dernier_machine_stop))
                        from %1$I.session_production where date_production <= $1
                    ),
                    (select max(debut) from %1$I.suivi_execution where type = ''chargement'' and resultat in (''ok'', ''partiel'')),
                    $2,
                    (select ''ses marts sont de SITE='' || c.site || '' : lui rendre son nom'' from %1$I.centres as c where c.site <> %1$L limit 1)',
                un.site
            ) using current_date + 1, un.erp;
        exception when others then
            get stacked diagnostics raison = pg_exception_detail;
            raison := concat_ws(': ', sqlerrm, nullif(raison, ''));
            return query values (un.site, false, null::text, null::timestamp, null::timestamptz, un.erp, raison);
        end;
    end loop;
end
$$;

create or replace view marts.sites as select * from hub.etat_des_sites();

comment on view marts.sites is 'Les sites que ce concentrateur réunit, et s''ils répondent maintenant. Une ligne par site.';
comment on column marts.sites.site is 'Le site. Jamais NULL.';
comment on column marts.sites.joignable is 'Vrai si le site a répondu à cette requête. Jamais NULL.';
comment on column marts.sites.version is
'La version du projet qui a fait sa dernière construction ;'
' NULL s''il n''est pas joignable ou n''a rien construit.';
comment on column marts.sites.dernier_evenement is
'La dernière pièce, marche ou arrêt de ses machines, à leur horloge, sans les jours à venir ;'
' NULL sans session ou s''il n''est pas joignable.';
comment on column marts.sites.dernier_chargement is
'Quand a commencé son dernier chargement abouti, au moins en partie ;'
' NULL s''il n''y en a pas ou s''il n''est pas joignable.';
comment on column marts.sites.erp is 'Vrai si les commandes de ce site sont montrées. Jamais NULL.';
comment on column marts.sites.erreur is 'Pourquoi il n''est pas joignable, ou n''est plus celui qu''il était ; sinon NULL.';
