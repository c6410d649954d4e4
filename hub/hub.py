"""`make hub`: servers, accounts and foreign tables for each site, and the schema `marts` over them, as dbt's manifest describes it.

A mart is a view of a partitioned table, `hub.<mart>`, whose partitions are the sites' marts. What belongs to a session is
partitioned by the session's key, which begins with the site's part: so PostgreSQL asks one site only for a session, and has each
site join its own sessions. All else is partitioned by `site`: sums by site are made by the sites. Sums of sessions that do not name
them need tables of their own (`_BY_SITE`).
"""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2.errors
from psycopg2.extensions import cursor as Cursor  # noqa: N812  # a class, whatever psycopg2 calls it
from psycopg2.sql import SQL, Composable, Composed, Identifier, Literal

from common.errors import LoadError, one_line
from common.postgres import connect, errors_of
from common.settings import PostgresSettings
from hub.sites import Site, read_sites

log = logging.getLogger(__name__)

_SCRIPT = Path(__file__).with_suffix(".sql")
_OVER_SITES = Path(__file__).with_name("over_sites.sql")
# The sites estimate what a query costs: a hub that does so by itself has no statistics of views, and fetched whole marts. Of the
# twenty longest stops, each site sends as many rows as are fetched at once; more at once make nothing faster.
_SERVER = {
    "async_capable": "true",
    "use_remote_estimate": "true",
    "fetch_size": "1000",
    # `postgres_fdw` has no use for connect_timeout. A site whose network has gone is given up after ten seconds.
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "5",
}
# How often it tries, for a second each time, to have the marts for itself. While it tries, new queries wait.
_ATTEMPTS = 60
# How long it waits for what a site answers.
_TIME_TO_ANSWER = "10s"
# Of a site's catalogue, read through tables of its schema: what marts it has, and how its database sorts texts.
_CATALOGUE = {
    "colonnes": ("information_schema", "columns", "table_schema text, table_name text, column_name text"),
    "base": ("pg_catalog", "pg_database", 'datname text, datlocprovider "char", datcollate text'),
    "centres": ("marts", "centre_usinage", "site text, nom text"),
}
# Marts that are no sum of the sites' ones: over_sites.sql makes them of other marts.
_OVER = {"production_profil", "commandes_volets_avancement"}
# Second tables of two marts, partitioned by `site`, with the columns that over_sites.sql adds up.
_BY_SITE = {
    "piece_production": ("site", "session_id", "numero_commande", "timestamp_production"),
    "session_production": ("site", "id", "centre_usinage_id", "centre"),
}


def make_hub(environ: Mapping[str, str], manifest: Path, without: str = "") -> None:
    """Make the hub, or bring it up to what the file of the sites, the sites' versions and this project's contracts say now.

    Args:
        environ: the settings: `POSTGRES_…` name the hub, and `SITES_FILE` the file. Queries wait until all is done, in one go.
        manifest: dbt's, with the contracts.
        without: the names, with blanks between them, of the sites to take out: the file no longer has them.

    Raises:
        LoadError: a setting is missing or malformed, the hub or a new site cannot be reached, or is not as it must be; or queries
            have been at work for a minute.
    """
    sites = read_sites(environ)
    marts = _contracts(manifest)
    settings = PostgresSettings.from_environ(environ)
    with closing(connect(settings)) as connection, errors_of(settings), connection, connection.cursor() as cursor:
        cursor.execute("select to_regnamespace('raw') is not null, rolsuper from pg_roles where rolname = current_user")
        ((is_plant, is_superuser),) = cursor.fetchall()
        if is_plant:
            raise LoadError(f"{settings} is a plant's warehouse: name an empty database in POSTGRES_DB")
        if not is_superuser:
            raise LoadError(
                f"{settings}: only a superuser makes a hub, and keeps its passwords from others: name one in POSTGRES_USER"
            )
        _lock(cursor)
        cursor.execute(_SCRIPT.read_text("utf-8"))
        known = _known_sites(cursor, sites, without.split())
        standing = _take_down(cursor, known, marts)
        cursor.execute("select set_config('statement_timeout', %s, true)", (_TIME_TO_ANSWER,))
        centres: dict[str, list[str]] = {}
        found = {site: _connect_site(cursor, site, known.get(site.name), centres) for site in sites}
        for mart, node in marts.items():
            if mart not in _OVER:
                of_erp = "commandes" in node["fqn"]
                has = {site: columns[mart] for site, columns in found.items() if mart in columns and (site.erp or not of_erp)}
                types = _types(node["columns"], standing.get(mart, ()))
                _make_mart(cursor, mart, types, has)
                if chosen := _BY_SITE.get(mart):
                    _make_table(cursor, f"{mart}_par_site", mart, {name: types[name] for name in chosen}, "site", has)
        cursor.execute(_OVER_SITES.read_text("utf-8"), {"with_erp": [site.name for site in sites if site.erp]})
        for mart, node in marts.items():
            _describe(cursor, mart, node)
        cursor.execute("grant usage on schema marts to analyst; grant select on all tables in schema marts to analyst")
    for site, columns in found.items():
        if lacking := sorted(marts.keys() - _OVER - columns.keys()):
            log.warning(
                "%s is of an older version, or does not let %s read them: without %s", site.name, site.user, ", ".join(lacking)
            )
    said = "%s is a centre of %s: what names centres only adds them up; give each a nom of its own"
    for centre, where in centres.items():
        if len(where) > 1:
            log.warning(said, centre, ", ".join(where))
    log.info("The hub has %s", ", ".join(site.name for site in sites) or "no site")


def _contracts(manifest: Path) -> dict[str, Any]:
    """Read the marts' contracts from dbt's manifest."""
    try:
        nodes = json.loads(manifest.read_text("utf-8"))["nodes"].values()
        marts = {node["name"]: node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LoadError(f"{manifest} cannot be read: have it written by dbt parse") from error
    if not marts:
        raise LoadError(f"{manifest} has no marts: have it written by dbt parse")
    return marts


def _lock(cursor: Cursor) -> None:
    """Have the marts, and what is below them, for this transaction alone: all of them, or none."""
    cursor.execute("select pg_advisory_xact_lock(hashtext('make hub'))")
    cursor.execute("select format('marts.%I', viewname) from pg_views where schemaname = 'marts'")
    if not (views := ", ".join(view for (view,) in cursor.fetchall())):
        return
    cursor.execute("set local lock_timeout = '1s'; savepoint alone")
    for _ in range(_ATTEMPTS):
        try:
            cursor.execute("lock table " + views)
            return
        except psycopg2.errors.LockNotAvailable:
            cursor.execute("rollback to alone")
    raise LoadError(
        "queries are at work on the hub's marts (pg_stat_activity shows whose): run make hub again when they have ended"
    )


def _known_sites(cursor: Cursor, sites: Sequence[Site], without: Collection[str]) -> dict[str, Any]:
    """Return the hub's sites, and the columns of each one's marts when it was last reached.

    Refuses to forget a site that nobody has asked to take out, and to take out one that would come back.
    """
    cursor.execute("select site, colonnes from hub.sites")
    known = dict(cursor.fetchall())
    named = {site.name for site in sites}
    for site in without:
        if site in named:
            raise LoadError(f"{site} is still in the file of the sites: take it out there first")
        if site not in known:
            raise LoadError(f"{site} is not in the hub: its sites are {', '.join(sorted(known))}")
    if gone := " ".join(sorted(known.keys() - named - {*without})):
        raise LoadError(f"{gone}: in the hub, but not in the file of the sites: make hub WITHOUT='{gone}' takes out what is gone")
    return known


def _take_down(cursor: Cursor, sites: Collection[str], marts: Collection[str]) -> dict[str, list[str]]:
    """Take down all but the views of `marts`, which analysts' views may read: for now they read nothing. Return their columns."""
    cursor.execute(
        "select relname, array_agg(attname::text order by attnum),"
        " array_agg(format('null::%%s as %%I', format_type(atttypid, atttypmod), attname) order by attnum)"
        " from pg_class inner join pg_attribute on attrelid = pg_class.oid and attnum > 0"
        " where relnamespace = 'marts'::regnamespace and relkind = 'v' and (relname = any(%s) or exists (select from pg_depend"
        " inner join pg_rewrite on pg_rewrite.oid = objid where ev_class = pg_class.oid and refobjid = 'hub.presents'::regproc))"
        " group by relname",
        ([*marts],),
    )
    views = cursor.fetchall()
    for view, _, columns in views:
        cursor.execute(
            SQL("create or replace view marts.{} as select {} where false").format(Identifier(view), SQL(", ".join(columns)))
        )
        if view not in marts:
            _drop_view(cursor, view)
    cursor.execute("select relname from pg_class where relnamespace = 'hub'::regnamespace and relkind = 'p'")
    for (table,) in cursor.fetchall():
        cursor.execute(SQL("drop table hub.{}").format(Identifier(table)))
    for site in sites:
        cursor.execute(SQL("drop server {0} cascade; drop schema {0}").format(Identifier(site)))
    cursor.execute("delete from hub.sites")
    return {view: names for view, names, _ in views}


def _drop_view(cursor: Cursor, mart: str) -> None:
    """Drop a mart's view, which is gone or has other columns now."""
    try:
        cursor.execute(SQL("drop view marts.{}").format(Identifier(mart)))
    except psycopg2.errors.DependentObjectsStillExist as error:
        readers = f"{error.diag.message_detail}: drop that, make the hub, and create it again"
        raise LoadError(f"marts.{mart} is gone or has other columns in this version. {readers}") from error


def _connect_site(cursor: Cursor, site: Site, before: dict[str, Any] | None, centres: dict[str, list[str]]) -> dict[str, Any]:
    """Make a site's server, and return the columns of each of its marts; those of `before` if it is down.

    Adds the names of its centres, with its own name, to `centres`.
    """
    values = {"site": Identifier(site.name), "server": _options({**site.server, **_SERVER})}
    cursor.execute(SQL("create schema {site}; create server {site} foreign data wrapper postgres_fdw {server}").format(**values))
    # For the views' owner, whoever that is: nobody else may use the server. On its own, because PostgreSQL writes a statement that
    # fails into its log.
    account = _options({"user": site.user, "password": site.password})
    cursor.execute(SQL("create user mapping for public server {} {}").format(values["site"], account))
    for table, (schema, remote, columns) in _CATALOGUE.items():
        values |= {"table": Identifier(table), "columns": SQL(columns)}
        values["options"] = _options({"schema_name": schema, "table_name": remote, "use_remote_estimate": "false"})
        cursor.execute(SQL("create foreign table {site}.{table} ({columns}) server {site} {options}").format(**values))
    cursor.execute("savepoint reached")
    try:
        found = _ask_site(cursor, site, centres)
    except (psycopg2.errors.SqlclientUnableToEstablishSqlconnection, psycopg2.errors.QueryCanceled) as error:
        is_silent = isinstance(error, psycopg2.errors.QueryCanceled)
        said = f"it has not answered for {_TIME_TO_ANSWER}" if is_silent else one_line(error)
        # A server that answers, if only with a refusal, is not down.
        if before is None or "FATAL" in said:
            raise LoadError(f"{site.name}: {said}: correct the file of the sites, or wait until it lets {site.user} in") from error
        log.warning("%s: taken as it was, because %s", site.name, said)
        cursor.execute("rollback to reached")
        found = before
    cursor.execute("insert into hub.sites values (%s, %s, %s)", (site.name, site.erp, json.dumps(found)))
    return found


def _ask_site(cursor: Cursor, site: Site, centres: dict[str, list[str]]) -> dict[str, Any]:
    """Return the columns of each mart of a site, and refuse one whose rows would not be its own, or would come in another order."""
    cursor.execute(
        SQL("select table_name, json_agg(column_name) from {}.colonnes where table_schema = 'marts' group by table_name").format(
            Identifier(site.name)
        )
    )
    found = dict(cursor.fetchall())
    if "site" not in found.get("centre_usinage", ()):
        raise LoadError(
            f"{site.name}: {site.user} reads no mart with a column site there: upgrade it, set SITE={site.name} and build"
        )
    cursor.execute(SQL("select site, nom from {}.centres").format(Identifier(site.name)))
    for name, centre in cursor.fetchall():
        if name != site.name:
            raise LoadError(f"{site.name}: its marts are of SITE={name!r}: set SITE={site.name} there and build")
        centres.setdefault(centre, []).append(name)
    cursor.execute(
        SQL(
            "select site.datcollate, hub.datcollate from {}.base as site inner join pg_database as hub"
            " on (hub.datlocprovider, hub.datcollate) != (site.datlocprovider, site.datcollate)"
            " where site.datname = %s and hub.datname = current_database()"
        ).format(Identifier(site.name)),
        (site.server["dbname"],),
    )
    for sites, hubs in cursor.fetchall():
        raise LoadError(f"{site.name}: its database sorts texts as {sites}, the hub's as {hubs}: create the hub's like it")
    return found


def _make_mart(cursor: Cursor, mart: str, types: Mapping[str, str], sites: Mapping[Site, Sequence[str]]) -> None:
    """Make a mart's partitioned table, its partitions, and its view.

    Args:
        cursor: a cursor of the hub.
        mart: its name.
        types: its columns and their types.
        sites: the columns that it has at each site.
    """
    # What belongs to a session and does not name its centre is read together with the session.
    key = "id" if mart == "session_production" else "session_id" if "session_id" in types and "centre" not in types else "site"
    values = {"mart": Identifier(mart), "names": SQL(", ").join(map(Identifier, types))}
    parts = [SQL("select {names} from hub.{mart}").format(**values)]
    for site in _make_table(cursor, mart, mart, types, key, sites):
        there = (Identifier(name) if name in sites[site] else SQL("null::" + type_) for name, type_ in types.items())
        parts.append(SQL("select {} from {}.{mart}").format(SQL(", ").join(there), Identifier(site.name), **values))
    values["parts"] = SQL(" union all ").join(parts)
    view = SQL(
        "create or replace view marts.{mart} as select {names} from ({parts}) as parts"
        " where hub.presents() is null or site = any(hub.presents())"
    ).format(**values)
    cursor.execute("savepoint mart")
    try:
        cursor.execute(view)
    except psycopg2.errors.InvalidTableDefinition:
        cursor.execute("rollback to mart")
        _drop_view(cursor, mart)
        cursor.execute(view)


def _make_table(
    cursor: Cursor, table: str, mart: str, types: Mapping[str, str], key: str, sites: Mapping[Site, Sequence[str]]
) -> list[Site]:
    """Make a partitioned table of a mart and its partitions. Return the sites whose older versions lack some of its columns.

    A partition has all columns: what these sites have is in foreign tables beside them.
    """
    values = {"table": Identifier(table), "columns": _typed(types, types), "key": Identifier(key)}
    values["kind"] = SQL("list" if key == "site" else "range")
    cursor.execute(SQL("create table hub.{table} ({columns}) partition by {kind} ({key})").format(**values))
    older = []
    for site, columns in sites.items():
        values |= {"site": Identifier(site.name), "options": _options({"schema_name": "marts", "table_name": mart})}
        values["check"] = SQL("check (site = {})").format(Literal(site.name))
        if types.keys() <= {*columns}:
            values["of"] = SQL("partition of hub.{table} ({check}) for values {bounds}").format(bounds=_bounds(site, key), **values)
        else:
            values["of"] = SQL("({}, {check})").format(_typed(types, columns), **values)
            older.append(site)
        cursor.execute(SQL("create foreign table {site}.{table} {of} server {site} {options}").format(**values))
    return older


def _types(contract: Mapping[str, Any], standing: Sequence[str]) -> dict[str, str]:
    """Return the types of a mart's columns: first those of the view that stands, because it takes new ones only at its end."""
    return {name: contract[name]["data_type"] for name in (*standing, *contract) if name in contract}


def _bounds(site: Site, key: str) -> Composable:
    """Return the bounds of a site's partition: its name, or the keys that begin with its part."""
    if key == "site":
        return SQL("in ({})").format(Literal(site.name))
    after = int(site.prefix, 16) + 1
    first, last = (f"{number:08x}-0000-0000-0000-000000000000" for number in (after - 1, after))
    return SQL("from ({}) to ({})").format(Literal(first), Literal(last) if after < 1 << 32 else SQL("maxvalue"))


def _describe(cursor: Cursor, mart: str, node: Mapping[str, Any]) -> None:
    """Give a mart and its columns the comments that they have at the sites."""
    view = Identifier(mart)
    cursor.execute(SQL("comment on view marts.{} is {}").format(view, Literal(node["description"])))
    for name, column in node["columns"].items():
        said = Literal(column["description"])
        cursor.execute(SQL("comment on column marts.{}.{} is {}").format(view, Identifier(name), said))


def _typed(types: Mapping[str, str], chosen: Collection[str]) -> Composed:
    return SQL(", ").join(SQL("{} " + type_).format(Identifier(name)) for name, type_ in types.items() if name in chosen)


def _options(options: Mapping[str, str]) -> Composed:
    """Return a clause of options of PostgreSQL's for foreign data."""
    pairs = (SQL("{} {}").format(Identifier(name), Literal(value)) for name, value in options.items())
    return SQL("options ({})").format(SQL(", ").join(pairs))
