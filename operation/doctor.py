"""`make doctor`: checks what loads and builds need, and prints a line for each check.

A check does what the loaders or dbt would do, with the same account. Nothing is changed: a trial of writing is rolled back. What
the models compute (how orders are selected, what was read of a file) is read from the models.
"""

import csv
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import metadata
from io import TextIOWrapper
from typing import Any
from unicodedata import normalize

import psycopg2

from common.errors import LoadError, one_line
from common.mail import MailSettings, log_in
from common.outcomes import read_outcomes
from common.postgres import LOCK, SESSIONS, connect
from common.programs import program_for
from common.raw import ERP_TABLES, ErpTable
from common.report import shown
from common.settings import FtpSettings, MysqlSettings, PostgresSettings, metrics_file, seeds_folder, with_account
from common.warehouse import OLDEST_POSTGRES
from common.webhook import WebhookSettings, web_address
from loaders.ftp import Folder, FtpClient, ListedFile
from loaders.logs import lines_of
from loaders.mysql import Erp
from operation.backup import backup_folder, backups

# The time-out of a check. The FTP client has its own.
SECONDS = 15
# The trial file is no larger than this, if there is one.
TRIAL_BYTES = 4 << 20
CLOCKS_MAY_DIFFER = timedelta(minutes=1)
# How many sessions a build opens at once: dbt's four threads, dbt's own, and the lock's.
BUILD_SESSIONS = 6
# The same limit as that of the sources' freshness in dbt.
STALE = timedelta(hours=24)

PACKAGES = ("dlt", "dbt-core", "dbt-postgres")
RAW_TABLES = ["load_runs", "log_files", "log_lines", *(table.name for table in ERP_TABLES)]
MODEL_SCHEMAS = ["seeds", "staging", "intermediate", "marts", "historique", "verifications"]


@dataclass(frozen=True)
class Finding:
    """What a check found: `ok`, `warning`, `FAILED`, or `skipped` if a check that it needs has failed."""

    verdict: str
    text: str
    remedy: str = ""


# It works; it works, but perhaps not as intended; loads or builds cannot work.
ok = partial(Finding, "ok")
warning = partial(Finding, "warning")
failed = partial(Finding, "FAILED")
NOT_BUILT = warning("the models have not been built yet", "make build")


class Context:
    """The environment, and what the checks so far have opened and found."""

    postgres: PostgresSettings
    loader: Any  # connections of psycopg2 in autocommit mode
    modeller: Any
    ftp: FtpClient
    folders: Mapping[Folder, list[ListedFile]]
    newest: ListedFile | None
    erp: Erp

    def __init__(self, environ: Mapping[str, str], resources: ExitStack) -> None:
        self.environ = environ
        self.resources = resources

    def connect(self, settings: PostgresSettings, **parameters: Any) -> Any:
        """Connect to PostgreSQL, with a time-out for each step."""
        connection = psycopg2.connect(settings.uri(), connect_timeout=SECONDS, tcp_user_timeout=1000 * SECONDS, **parameters)
        self.resources.enter_context(closing(connection))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"set statement_timeout = '{SECONDS}s'")
        return connection


def ask(connection: Any, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def exists(connection: Any, relation: str) -> bool:
    """Return whether a table or view exists."""
    return ask(connection, "select to_regclass(%s) is not null", relation) == [(True,)]


def ask_if_exists(connection: Any, relation: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows, or no rows if a table or view does not exist."""
    return ask(connection, query, *parameters) if exists(connection, relation) else []


def check_versions(context: Context) -> Finding:
    """Python and the main packages are installed."""
    versions, missing = [f"Python {platform.python_version()}"], []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            missing.append(package)
    if missing:
        return failed(f"{', '.join(missing)} not installed", "make setup")
    return ok(f"{', '.join(versions)}; this machine's time zone is UTC{datetime.now().astimezone():%z}")


# --- PostgreSQL ---


def check_postgres(context: Context) -> Finding:
    """The loaders can log in to the warehouse, and the models can be built in it."""
    settings = context.postgres = PostgresSettings.from_environ(context.environ)
    context.loader = context.connect(settings)
    ((number, version, encoding),) = ask(
        context.loader,
        "select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')",
    )
    text = f"{settings.host}:{settings.port}/{settings.database} as {settings.user}: PostgreSQL {version}, {encoding}"
    if number < OLDEST_POSTGRES:
        return failed(text, "use a server of version 16 or later")
    if encoding != "UTF8":
        return failed(text, "create the database with ENCODING 'UTF8'")
    # A session like those of a load, without the lock: this notices a pooler that drops settings.
    context.resources.enter_context(closing(connect(settings)))
    return limited(context.loader, SESSIONS, "a load") or ok(text)


def limited(connection: Any, needed: int, what: str) -> Finding | None:
    """Return a failure if the account may not open as many sessions at once as it needs."""
    ((user, limit),) = ask(
        connection,
        "select rolname::text, least(nullif(rolconnlimit, -1), nullif(datconnlimit, -1))"
        " from pg_roles, pg_database where rolname = current_user and datname = current_database()",
    )
    if limit is None or limit >= needed:
        return None
    return failed(
        f"{user} may open {limit} sessions at once; {what} needs {needed}", f"alter role {user} connection limit {needed}"
    )


def check_raw_schema(context: Context) -> Finding:
    """The loaders can write to raw. It is tried, and rolled back."""
    ((present,),) = ask(context.loader, "select to_regnamespace('raw') is not null")
    others = ask(
        context.loader,
        "select relname, pg_get_userbyid(relowner) from pg_class where relnamespace = to_regnamespace('raw')"
        " and relname = any(%s) and not pg_has_role(relowner, 'usage') order by relname",
        RAW_TABLES,
    )
    if others:
        named = ", ".join(f"raw.{table} ({owner})" for table, owner in others)
        return failed(f"belong to another account: {named}", f"alter table … owner to {context.postgres.user}")
    with context.loader.cursor() as cursor:
        cursor.execute("begin")
        try:
            cursor.execute(f"set local lock_timeout = '{SECONDS}s'")
            if not present:
                cursor.execute("create schema raw")
            cursor.execute("create table raw._trial (id integer)")
            cursor.execute("insert into raw._trial values (1)")
            if present and exists(context.loader, "raw.load_runs"):
                # With an explicit key: a rollback does not give a number back to the sequence.
                cursor.execute("insert into raw.load_runs (run_id, source) overriding system value values (0, 'trial')")
        finally:
            cursor.execute("rollback")
    return ok("can be written (tried, and rolled back)" if present else "not there yet; can be created (tried, and rolled back)")


def check_models_account(context: Context) -> Finding:
    """The account that dbt uses can read raw and write the models."""
    settings = PostgresSettings.from_environ(with_account(context.environ, ["DBT"]))
    context.modeller = context.connect(settings, options="")
    unread = ask(
        context.modeller,
        "select 'raw.' || relname from pg_class where relnamespace = to_regnamespace('raw') and relname = any(%s)"
        " and not (has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select')) order by relname",
        RAW_TABLES,
    )
    unwritten = ask(
        context.modeller,
        "select name from unnest(%s) as name where not case when to_regnamespace(name) is null"
        " then has_database_privilege(current_database(), 'create') else has_schema_privilege(name, 'usage')"
        " and has_schema_privilege(name, 'create') end",
        MODEL_SCHEMAS,
    )
    wrong = [f"may not read {table}" for (table,) in unread] + [f"may not build in schema {name}" for (name,) in unwritten]
    if wrong:
        return failed(f"{settings.user}: {', '.join(wrong)}", "make grants, or grant it by hand")
    text = f"{settings.user} may read raw and build in {', '.join(MODEL_SCHEMAS)}"
    return limited(context.modeller, BUILD_SESSIONS, "a build") or ok(text)


# --- FTP ---


def check_ftp(context: Context) -> Finding:
    """The loaders can log in to the FTP server."""
    settings = FtpSettings.from_environ(context.environ)
    context.ftp = FtpClient(settings, attempts=1)
    context.resources.enter_context(closing(context.ftp))
    how = "encrypted (TLS)" if settings.tls else "not encrypted"
    return ok(f"{settings.host}:{settings.port} as {settings.user}, {how}: {context.ftp.greeting()!a}")


def check_folders(context: Context) -> Finding:
    """The loaders can list all folders."""
    folders: dict[Folder, list[ListedFile]] = {}
    refused = []
    deadline = time.monotonic() + SECONDS
    for folder in context.ftp.folders(lambda error: refused.append(one_line(error))):
        if time.monotonic() > deadline:
            raise LoadError(f"the folders cannot be listed within {SECONDS} s")
        try:
            folders[folder] = context.ftp.files(folder, lambda error: refused.append(one_line(error)))
        except LoadError as error:
            folders[folder] = []
            refused.append(one_line(error))
    context.folders = folders
    files = [file for listed in folders.values() for file in listed]
    context.newest = max(files, key=lambda file: (0 < file.size <= TRIAL_BYTES, file.listed_at, file.name), default=None)
    if refused:
        return failed("; ".join(refused), "let FTP_USER list the folders named, and replace links by what they lead to")
    counts = ", ".join(f"{shown(folder.name)} {len(listed)}" for folder, listed in folders.items())
    text = f"{len(folders)} folders, {len(files)} log files{f': {counts}' if counts else ''}"
    if not files:
        return warning(text, "see that FTP_USER begins in the folder that holds the machines' folders")
    return ok(text)


def check_centres(context: Context) -> Finding:
    """The folders on the server are those of the seed."""
    with (seeds_folder(context.environ) / "centres.csv").open(encoding="utf-8-sig", errors="replace", newline="") as seed:
        active = {normalize("NFC", row.get("dossier") or ""): row.get("actif") == "true" for row in csv.DictReader(seed)}
    # The models compare them like this: composed and decomposed accents are the same.
    seen = {normalize("NFC", folder.name) for folder in context.folders}
    unknown = sorted(seen - active.keys())
    missing = sorted(name for name in active if name and active[name] and name not in seen)
    wrong = [f"{shown(name)} is not in the seed" for name in unknown] + [f"{shown(name)} is not on the server" for name in missing]
    if wrong:
        return warning("; ".join(wrong), "declare folders in centres.csv, spelled as on the server, then make build")
    return ok("every folder is in the seed, and every active centre has its folder")


def check_trial_file(context: Context) -> Finding:
    """A file can be transferred and cut into lines. Says what the models last read of it."""
    file = context.newest
    if file is None:
        return warning("there is no log file to try", "look at the folders' line above")
    first, count = None, 0
    with context.ftp.download(file) as spool:
        for lines in lines_of(spool):
            first = lines[0] if first is None else first
            count += len(lines)
        size = spool.tell()
    text = f"{shown(str(file))}: {size} bytes, {count} lines{f', the first {first[:40]!a}' if first else ''}"
    for events, rejected in _as_built(context, file):
        text += f"; when it was last built, {events} events and {rejected} rejected lines"
        if rejected and not events:
            return warning(text, "marts.lignes_rejetees says why; has the machine's format changed?")
    return ok(text)


def _as_built(context: Context, file: ListedFile) -> list[tuple[Any, ...]]:
    """Return how many events and rejected lines the models found in a file: one row, or none if that is not known."""
    try:
        return ask(
            context.modeller,
            "select nb_evenements, nb_rejets from marts.suivi_chargement where dossier = %s and fichier = %s",
            file.folder.name,
            file.name,
        )
    except (AttributeError, psycopg2.Error):  # no connection, or no right to read, or nothing built yet
        return []


# --- The ERP ---


def check_mysql(context: Context) -> Finding:
    """The loaders can log in to the ERP's server."""
    settings = MysqlSettings.from_environ(context.environ)
    context.erp = context.resources.enter_context(Erp(settings, read_seconds=SECONDS, attempts=1))
    (version,) = context.erp.ask("select version()") or ("",)
    return ok(f"{settings.host}:{settings.port}/{settings.database} as {settings.user}: {version}")


def check_table(context: Context, table: ErpTable) -> Finding:
    """A table exists, has the columns that the models need, and can be read."""
    columns = context.erp.columns(table)
    text = f"{len(columns)} columns, the {len(table.needed)} needed among them"
    if context.erp.ask(f"select 1 from {table.name} limit 1", table.name) is None:
        return warning(f"{text}; it is empty", "see that MYSQL_DB is the ERP's database")
    return ok(text)


# --- Clocks ---


def check_postgres_clock(context: Context) -> Finding:
    """PostgreSQL's clock agrees with this machine's."""
    before = datetime.now(UTC)
    ((there, zone),) = ask(context.modeller, "select clock_timestamp(), current_setting('TimeZone')")
    return _compared(there, before, f"dbt's sessions are in time zone {zone}")


def check_mysql_clock(context: Context) -> Finding:
    """The ERP's clock agrees with this machine's."""
    before = datetime.now(UTC)
    there, zone, system_zone = context.erp.ask("select utc_timestamp(6), @@session.time_zone, @@system_time_zone") or ("", "", "")
    return _compared(datetime.fromisoformat(there).replace(tzinfo=UTC), before, f"time zone {zone} ({system_zone})")


def _compared(there: datetime, before: datetime, more: str) -> Finding:
    """Compare a server's time with this machine's, which is read before and after it."""
    ahead = max(there - datetime.now(UTC), min(there - before, timedelta()))
    seconds = ahead.total_seconds()
    text = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} this machine's; {more}"
    if abs(ahead) > CLOCKS_MAY_DIFFER:
        return warning(text, "set both clocks by NTP: times of loading are the server's")
    return ok(text)


def check_ftp_clock(context: Context) -> Finding:
    """The FTP server gives times in UTC, and its clock is not ahead: as far as the newest file shows."""
    if context.newest is None:
        return warning("there is no log file whose time could be asked", "look at the folders' line above")
    modified_at = context.ftp.modified_at(context.newest)
    age = datetime.now(UTC) - modified_at
    text = f"newest file {shown(str(context.newest))} modified {_moment(modified_at)}, {_ago(age)}"
    if age < -CLOCKS_MAY_DIFFER:
        return warning(text, "set the server's clock by NTP, and vsftpd to use_localtime=NO")
    return ok(text)


# --- Loads and builds ---


def check_last_load(context: Context, source: str) -> Finding:
    """The last load of a source succeeded, and is recent."""
    remedy = f"make load-{source}"
    runs = ask_if_exists(
        context.loader,
        "raw.load_runs",
        "select outcome, started_at, ended_at, found, loaded, unchanged, failed, error, clock_timestamp()"
        " from raw.load_runs where source = %s order by run_id desc limit 1",
        source,
    )
    for outcome, started_at, ended_at, found, loaded, unchanged, failures, error, now in runs:
        if outcome == "running":
            text = f"began {_moment(started_at)}, {_ago(now - started_at)}"
            if _is_locked(context.loader):
                return ok(f"{text}, and is running")
            return warning(f"{text}, and died", remedy)
        text = f"{outcome}, ended {_moment(ended_at)}, {_ago(now - ended_at)}"
        if found is not None:
            text += f": {found} found, {loaded} loaded, {unchanged} unchanged, {failures} failed"
        if outcome != "ok":
            return warning(" ".join([text, *(f"({line})" for line in (error or "").splitlines())]), remedy)
        if now - ended_at > STALE:
            return warning(text, f"{remedy}, and see why nothing runs it any more")
        return ok(text)
    return warning("nothing has been loaded yet", remedy)


def _is_locked(connection: Any) -> bool:
    """Return whether a load or a build runs."""
    return ask(
        connection,
        "select exists (select from pg_locks where locktype = 'advisory' and granted and classid = 0 and objid = %s"
        " and database = (select oid from pg_database where datname = current_database()))",
        LOCK,
    ) == [(True,)]


def check_build(context: Context) -> Finding:
    """The last build met no error, and all log files that were loaded have been built: the marts have their times of loading."""
    rows = ask_if_exists(
        context.modeller,
        "marts.suivi_chargement",
        "select count(*) filter (where charge_le is distinct from loaded_at), max(charge_le),"
        " (select erreur from historique.constructions where finie_le is not null order by commencee_le desc limit 1)"
        " from raw.log_files left join marts.suivi_chargement on dossier = folder and fichier = file_name",
    )
    if not rows:
        return NOT_BUILT
    ((waiting, latest, errors),) = rows
    if errors:
        return warning("; ".join(errors.splitlines()), "mend what is named, then make build")
    if waiting:
        return warning(f"{waiting} log files have been loaded since the last build", "make build")
    return ok(f"the marts hold every log file loaded{f', the last of them {_moment(latest)}' if latest else ''}")


def check_events(context: Context) -> Finding:
    """Some active centre has sent an event lately, by the rule of the alert."""
    query = "select max(survenue_le), max(valeur) from marts.alertes where type = 'aucun_evenement' and en_cours"
    for since, hours in ask_if_exists(context.modeller, "marts.alertes", query):
        if since is None:
            return ok("no alert that none arrive, up to the last load and build that succeeded")
        text = f"no active centre has sent any since {since:%Y-%m-%d %H:%M} by the factory's clock, in {hours:.1f} hours that count"
        return warning(text, "see that the machines run, and that their files reach the FTP server")
    return NOT_BUILT


def check_selection(context: Context) -> Finding:
    """The selection leaves some orders. Says how many are left after each step."""
    relation = "intermediate.int_commandes_selection"
    steps = ask_if_exists(context.modeller, relation, f"select etape, nb_commandes from {relation} order by rang")
    if not steps:
        return NOT_BUILT
    text = ", ".join(f"{step} {count}" for step, count in steps)
    if not steps[-1][1]:
        return warning(f"{text}: no order is left", "see which step leaves none, and look at its column in the ERP")
    return ok(text)


def check_backup(context: Context) -> Finding:
    """There is a recent backup, and what makes one, if this machine does. systemd's timer makes them into the usual folder."""
    folder = backup_folder(context.environ)
    made = backups(folder, context.postgres.database)
    if not made and not any(context.environ.get(name, "").strip() for name in ("BACKUP_DIR", "SCHEDULE_BACKUP")):
        return ok("none is made here: neither BACKUP_DIR nor SCHEDULE_BACKUP is set")
    for name in ("pg_dump", "pg_restore"):
        program_for(name, context.loader.info.server_version // 10_000)
    if not made:
        return warning(f"{folder} has none", "make backup")
    when, file = made[0]
    age = datetime.now(UTC) - when
    if age > 2 * STALE:
        return warning(f"{file}, {_ago(age)}", "make backup, and see why nothing runs it any more")
    return ok(f"{file}, {_ago(age)}")


def check_jobs(context: Context) -> Finding:
    """No job of the schedule fails, as far as it has run with this `LOG_DIR`."""
    outcomes = read_outcomes(context.environ)
    if failing := [f"{job} ({', '.join(outcome.failed)})" for job, outcome in outcomes.items() if outcome.failures]:
        return warning(f"failed the last time: {', '.join(failing)}", "see schedule.log, or journalctl -u 'usine@*'")
    named = ", ".join(f"{job} {_ago(datetime.now(UTC) - datetime.fromtimestamp(it.ended_at, UTC))}" for job, it in outcomes.items())
    return ok(named or "none has run here")


def check_metrics(context: Context) -> Finding:
    """The file of the metrics can be written, as far as the rights of its folder show."""
    file = metrics_file(context.environ)
    place = next(folder for folder in file.absolute().parents if folder.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        return warning(f"{place} is no folder that can be written", "set METRICS_FILE to a file that can be written")
    return ok(f"{file}{'' if file.exists() else ', after the next job'}")


def check_messages(context: Context) -> Finding:
    """Alerts and failures are posted, and a watchdog is asked, as far as can be tried without a message."""
    mail = MailSettings.from_environ(context.environ)
    if mail:
        log_in(mail)
    ways = [*(["a chat"] if WebhookSettings.from_environ(context.environ) else []), *([str(mail)] if mail else [])]
    watched = "" if web_address(context.environ, "HEARTBEAT_URL", "the one that the watchdog gives") else "not "
    posted = " and ".join(ways) or "nobody, and printed once a day"
    return ok(f"alerts and failures are posted to {posted}; HEARTBEAT_URL is {watched}set")


# --- All checks ---


@dataclass(frozen=True)
class Check:
    """A check: its name, its function, the checks that it needs, and the remedy if it raises an error."""

    subject: str
    make: Callable[[Context], Finding]
    needs: tuple[str, ...] = ()
    remedy: str = ""


_server_remedy = "set {0}_HOST, _PORT, _USER, {1} in the environment or in .env; see that the server runs".format
_READ_MODELS = "let the account that dbt uses read the models, or make build"
_READ = "let POSTGRES_USER read raw.load_runs"
_ADAPT = "let MYSQL_USER read it, or adapt the staging model to what the ERP has become"
CHECKS = (
    Check("versions", check_versions),
    Check("PostgreSQL", check_postgres, (), _server_remedy("POSTGRES", "_PASSWORD and _DB")),
    Check("raw schema", check_raw_schema, ("PostgreSQL",), "let POSTGRES_USER write there: make grants, or grant it by hand"),
    Check("models' account", check_models_account, ("PostgreSQL",), "set DBT_POSTGRES_USER and DBT_POSTGRES_PASSWORD, or neither"),
    Check("FTP server", check_ftp, (), _server_remedy("FTP", "_PASS and _TLS")),
    Check("folders", check_folders, ("FTP server",), "let FTP_USER list the root and its folders"),
    Check("declared centres", check_centres, ("FTP server", "folders"), "restore centres.csv, or correct SEEDS_DIR"),
    Check("trial file", check_trial_file, ("FTP server", "folders"), "let FTP_USER read the file named"),
    Check("MySQL", check_mysql, (), _server_remedy("MYSQL", "_PASSWORD and _DB")),
    *(Check(f"ERP table {table.name}", partial(check_table, table=table), ("MySQL",), _ADAPT) for table in ERP_TABLES),
    Check("clock of PostgreSQL", check_postgres_clock, ("PostgreSQL", "models' account")),
    Check("clock of MySQL", check_mysql_clock, ("MySQL",)),
    Check("clock of FTP server", check_ftp_clock, ("FTP server", "folders")),
    *(Check(f"last load of {name}", partial(check_last_load, source=name), ("PostgreSQL",), _READ) for name in ("logs", "erp")),
    Check("last build", check_build, ("PostgreSQL", "models' account"), _READ_MODELS),
    Check("events", check_events, ("PostgreSQL", "models' account"), _READ_MODELS),
    Check("jobs", check_jobs),
    Check("messages", check_messages, (), "correct it in the environment or in .env; see that the mail server runs"),
    Check("metrics", check_metrics),
    Check("newest backup", check_backup, ("PostgreSQL",), "make backups on a machine that has it"),
    Check("orders left", check_selection, ("PostgreSQL", "models' account"), _READ_MODELS),
)


def examine(environ: Mapping[str, str]) -> int:
    """Run all checks and print a line for each.

    Args:
        environ: the environment with the settings; any of them may be missing.

    Returns:
        The exit code: 1 if a check failed, else 0.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may not be able to show folders' names
    width = max(len(check.subject) for check in CHECKS)
    broken, code = set[str](), 0
    with ExitStack() as resources:
        context = Context(environ, resources)
        for check in CHECKS:
            finding = _made(check, context, broken)
            if finding.verdict == "FAILED":
                code = 1
            remedy = f". Remedy: {finding.remedy}" if finding.remedy else ""
            print(f"{finding.verdict:7}  {check.subject:{width}}  {finding.text}{remedy}", flush=True)
    return code


def _made(check: Check, context: Context, broken: set[str]) -> Finding:
    """Run a check, unless one that it needs is in `broken`. An error is its finding, and adds it there."""
    blocked = next((need for need in check.needs if need in broken), None)
    if blocked:
        return Finding("skipped", f"not checked, because this failed: {blocked}")
    try:
        return check.make(context)
    except (LoadError, psycopg2.Error, OSError) as error:
        broken.add(check.subject)
        return failed(one_line(error), "" if getattr(error, "is_remedied", False) else check.remedy)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _ago(age: timedelta) -> str:
    """Say how long ago something was, in a suitable unit."""
    seconds = abs(age.total_seconds())
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= 2 * length or unit == "s":
            break
    return f"{seconds / length:.0f} {unit} {'ahead' if age < timedelta() else 'ago'}"
