"""What works and what does not: `python -m operation doctor`.

A line a check, each made as the loaders and dbt would do it, with their accounts. Nothing is changed: the one trial of
writing is rolled back. What only SQL can know (how the orders are selected, what became of a file) is asked of the models.
"""

import csv
import platform
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from unicodedata import normalize

import psycopg2

from common.errors import LoadError, one_line
from common.postgres import LOCK, SESSIONS, connect
from common.raw import ERP_TABLES, ErpTable
from common.report import shown
from common.settings import FtpSettings, MysqlSettings, PostgresSettings
from common.warehouse import OLDEST_POSTGRES
from loaders.ftp import Folder, FtpClient, ListedFile
from loaders.logs import lines_of
from loaders.mysql import Erp

# No check takes longer than this, or than the FTP client waits for an answer.
SECONDS = 15
# What a trial transfers at most, if there is a choice.
TRIAL_BYTES = 4 << 20
CLOCKS_MAY_DIFFER = timedelta(minutes=1)
# How many sessions a build opens at once: dbt's four threads and its main one, and the lock's.
BUILD_SESSIONS = 6
# From then on dbt calls a source stale.
STALE = timedelta(hours=24)

SEED = Path(__file__).parent.parent / "dbt_project" / "seeds" / "centres.csv"
PACKAGES = ("dlt", "dbt-core", "dbt-postgres")
RAW_TABLES = ["load_runs", "log_files", "log_lines", *(table.name for table in ERP_TABLES)]
MODEL_SCHEMAS = ["seeds", "staging", "intermediate", "marts", "historique", "verifications"]


@dataclass(frozen=True)
class Finding:
    """What a check found: `ok`, `warning`, `FAILED`, or `skipped` where something that it needs has failed.

    `blocking` tells whether the checks that need this one cannot be made.
    """

    verdict: str
    text: str
    remedy: str = ""
    blocking: bool = False


def ok(text: str) -> Finding:
    """Make the finding of something that works."""
    return Finding("ok", text)


def warning(text: str, remedy: str) -> Finding:
    """Make the finding of something that works, but perhaps not as it is meant to."""
    return Finding("warning", text, remedy)


def failed(text: str, remedy: str) -> Finding:
    """Make the finding of something that keeps loads or builds from working, but not the checks that follow."""
    return Finding("FAILED", text, remedy)


class Patient:
    """The platform under examination: its environment, and what the checks so far have opened and seen."""

    postgres: PostgresSettings
    loader: Any  # connections of psycopg2, each statement on its own
    modeller: Any
    ftp: FtpClient
    folders: Mapping[Folder, list[ListedFile]]
    newest: ListedFile | None
    erp: Erp

    def __init__(self, environ: Mapping[str, str], resources: ExitStack) -> None:
        self.environ = environ
        self.resources = resources

    def connect(self, settings: PostgresSettings, **parameters: Any) -> Any:
        """Connect to PostgreSQL with a time limit on everything."""
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
    """Tell whether a table or view is there."""
    return ask(connection, "select to_regclass(%s) is not null", relation) == [(True,)]


# --- This machine ---


def check_versions(patient: Patient) -> Finding:
    """Python and the packages that do the work."""
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


def check_postgres(patient: Patient) -> Finding:
    """The warehouse answers, lets the loaders in, and is one that the models can be built in."""
    settings = patient.postgres = PostgresSettings.from_environ(patient.environ)
    patient.loader = patient.connect(settings)
    ((number, version, encoding),) = ask(
        patient.loader,
        "select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')",
    )
    text = f"{settings.host}:{settings.port}/{settings.database} as {settings.user}: PostgreSQL {version}, {encoding}"
    if number < OLDEST_POSTGRES:
        return failed(text, "use a server of version 16 or later")
    if encoding != "UTF8":
        return failed(text, "create the database with ENCODING 'UTF8'")
    # As a load begins, without its lock: a pooler in front is noticed, and what it drops.
    patient.resources.enter_context(closing(connect(settings)))
    return limited(patient.loader, SESSIONS, "a load") or ok(text)


def limited(connection: Any, needed: int, what: str) -> Finding | None:
    """See that the account may open as many sessions at once as its work needs."""
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


def check_raw_schema(patient: Patient) -> Finding:
    """The loaders can write: tried, and rolled back."""
    ((present,),) = ask(patient.loader, "select to_regnamespace('raw') is not null")
    others = ask(
        patient.loader,
        "select relname, pg_get_userbyid(relowner) from pg_class where relnamespace = to_regnamespace('raw')"
        " and relname = any(%s) and not pg_has_role(relowner, 'usage') order by relname",
        RAW_TABLES,
    )
    if others:
        named = ", ".join(f"raw.{table} ({owner})" for table, owner in others)
        return failed(f"belong to somebody else: {named}", f"alter table … owner to {patient.postgres.user}")
    with patient.loader.cursor() as cursor:
        cursor.execute("begin")
        try:
            cursor.execute(f"set local lock_timeout = '{SECONDS}s'")
            if not present:
                cursor.execute("create schema raw")
            cursor.execute("create table raw._trial (id integer)")
            cursor.execute("insert into raw._trial values (1)")
            if present and exists(patient.loader, "raw.load_runs"):
                # With a number of its own: one taken from the sequence would be lost.
                cursor.execute("insert into raw.load_runs (run_id, source) overriding system value values (0, 'trial')")
        finally:
            cursor.execute("rollback")
    return ok("can be written (tried, and rolled back)" if present else "not there yet; can be created (tried, and rolled back)")


def check_models_account(patient: Patient) -> Finding:
    """The account that dbt uses can read raw and write the models."""
    user = patient.environ.get("DBT_POSTGRES_USER")
    settings = patient.postgres
    if user:
        settings = replace(settings, user=user, password=patient.environ.get("DBT_POSTGRES_PASSWORD") or settings.password)
    patient.modeller = patient.connect(settings, options="")
    unread = ask(
        patient.modeller,
        "select 'raw.' || relname from pg_class where relnamespace = to_regnamespace('raw') and relname = any(%s)"
        " and not (has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select')) order by relname",
        RAW_TABLES,
    )
    unwritten = ask(
        patient.modeller,
        "select name from unnest(%s) as name where not case when to_regnamespace(name) is null"
        " then has_database_privilege(current_database(), 'create') else has_schema_privilege(name, 'usage')"
        " and has_schema_privilege(name, 'create') end",
        MODEL_SCHEMAS,
    )
    wrong = [f"may not read {table}" for (table,) in unread] + [f"may not build in schema {name}" for (name,) in unwritten]
    if wrong:
        return failed(f"{settings.user}: {', '.join(wrong)}", "make grants, or grant it by hand")
    text = f"{settings.user} may read raw and build in {', '.join(MODEL_SCHEMAS)}"
    return limited(patient.modeller, BUILD_SESSIONS, "a build") or ok(text)


# --- FTP ---


def check_ftp(patient: Patient) -> Finding:
    """The machines' server answers and lets us in."""
    settings = FtpSettings.from_environ(patient.environ)
    patient.ftp = FtpClient(settings, attempts=1)
    patient.resources.enter_context(closing(patient.ftp))
    greeting = patient.ftp.greeting()
    how = "encrypted (TLS)" if settings.tls else "not encrypted"
    return ok(f"{settings.host}:{settings.port} as {settings.user}, {how}: {greeting!a}")


def check_folders(patient: Patient) -> Finding:
    """All folders can be listed."""
    folders: dict[Folder, list[ListedFile]] = {}
    refused = []
    deadline = time.monotonic() + SECONDS
    for folder in patient.ftp.folders(lambda error: refused.append(one_line(error))):
        if time.monotonic() > deadline:
            raise LoadError(f"the folders cannot be listed within {SECONDS} s")
        try:
            folders[folder] = patient.ftp.files(folder, lambda error: refused.append(one_line(error)))
        except LoadError as error:
            folders[folder] = []
            refused.append(one_line(error))
    patient.folders = folders
    files = [file for listed in folders.values() for file in listed]
    patient.newest = max(files, key=lambda file: (0 < file.size <= TRIAL_BYTES, file.listed_at, file.name), default=None)
    if refused:
        return failed("; ".join(refused), "let FTP_USER list the folders named, and replace links by what they lead to")
    counts = ", ".join(f"{shown(folder.name)} {len(listed)}" for folder, listed in folders.items())
    text = f"{len(folders)} folders, {len(files)} log files{f': {counts}' if counts else ''}"
    if not files:
        return warning(text, "see that FTP_USER begins in the folder that holds the machines' folders")
    return ok(text)


def check_centres(patient: Patient) -> Finding:
    """The folders on the server are those that the seed declares."""
    with SEED.open(encoding="utf-8-sig", errors="replace", newline="") as seed:
        active = {normalize("NFC", row.get("dossier") or ""): row.get("actif") == "true" for row in csv.DictReader(seed)}
    # As the models compare them: accents composed or not are the same.
    seen = {normalize("NFC", folder.name) for folder in patient.folders}
    unknown = sorted(seen - active.keys())
    missing = sorted(name for name in active if name and active[name] and name not in seen)
    wrong = [f"{shown(name)} is not in the seed" for name in unknown] + [f"{shown(name)} is not on the server" for name in missing]
    if wrong:
        return warning(
            "; ".join(wrong), "declare folders in dbt_project/seeds/centres.csv, spelled as on the server, then make build"
        )
    return ok("every folder is in the seed, and every active centre has its folder")


def check_trial_file(patient: Patient) -> Finding:
    """A file arrives whole and falls into lines; and what the models last made of it."""
    file = patient.newest
    if file is None:
        return warning("there is no log file to try", "look at the folders' line above")
    first, count = None, 0
    with patient.ftp.download(file) as spool:
        for lines in lines_of(spool):
            first = lines[0] if first is None else first
            count += len(lines)
        size = spool.tell()
    text = f"{shown(str(file))}: {size} bytes, {count} lines{f', the first {first[:40]!a}' if first else ''}"
    for events, rejected in _as_built(patient, file):
        text += f"; when it was last built, {events} events and {rejected} rejected lines"
        if rejected and not events:
            return warning(text, "marts.lignes_rejetees says why; has the machine's format changed?")
    return ok(text)


def _as_built(patient: Patient, file: ListedFile) -> list[tuple[Any, ...]]:
    """Ask the models how many events and rejected lines they found in a file: one row, or none where they cannot tell."""
    try:
        return ask(
            patient.modeller,
            "select nb_evenements, nb_rejets from marts.suivi_chargement where dossier = %s and fichier = %s",
            file.folder.name,
            file.name,
        )
    except (AttributeError, psycopg2.Error):  # without a connection, or before the first build
        return []


# --- The ERP ---


def check_mysql(patient: Patient) -> Finding:
    """The ERP's server answers and lets us in."""
    settings = MysqlSettings.from_environ(patient.environ)
    patient.erp = patient.resources.enter_context(Erp(settings, read_seconds=SECONDS, attempts=1))
    (version,) = patient.erp.ask("select version()") or ("",)
    return ok(f"{settings.host}:{settings.port}/{settings.database} as {settings.user}: {version}")


def check_table(patient: Patient, table: ErpTable) -> Finding:
    """A table is there, with the columns that the models need, and can be read."""
    columns = patient.erp.columns(table)
    text = f"{len(columns)} columns, the {len(table.needed)} needed among them"
    if patient.erp.ask(f"select 1 from {table.name} limit 1", table.name) is None:
        return warning(f"{text}; it is empty", "see that MYSQL_DB is the ERP's database")
    return ok(text)


# --- Clocks ---


def check_postgres_clock(patient: Patient) -> Finding:
    """PostgreSQL's clock goes with this machine's."""
    before = datetime.now(UTC)
    ((there, zone),) = ask(patient.modeller, "select clock_timestamp(), current_setting('TimeZone')")
    return _compared(there, before, f"dbt's sessions are in time zone {zone}")


def check_mysql_clock(patient: Patient) -> Finding:
    """The ERP's clock goes with this machine's."""
    before = datetime.now(UTC)
    there, zone, system_zone = patient.erp.ask("select utc_timestamp(6), @@session.time_zone, @@system_time_zone") or ("", "", "")
    return _compared(datetime.fromisoformat(there).replace(tzinfo=UTC), before, f"time zone {zone} ({system_zone})")


def _compared(there: datetime, before: datetime, more: str) -> Finding:
    """Hold a server's time against this machine's, which is read before and after the question."""
    ahead = max(there - datetime.now(UTC), min(there - before, timedelta()))
    seconds = ahead.total_seconds()
    text = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} this machine's; {more}"
    if abs(ahead) > CLOCKS_MAY_DIFFER:
        return warning(text, "set both clocks by NTP: times of loading are told by the server's")
    return ok(text)


def check_ftp_clock(patient: Patient) -> Finding:
    """The FTP server tells times in UTC by a clock that does not run ahead: as far as its newest file shows it."""
    if patient.newest is None:
        return warning("there is no log file whose time could be asked", "look at the folders' line above")
    modified_at = patient.ftp.modified_at(patient.newest)
    age = datetime.now(UTC) - modified_at
    text = f"newest file {shown(str(patient.newest))} modified {_moment(modified_at)}, {_ago(age)}"
    if age < -CLOCKS_MAY_DIFFER:
        return warning(text, "set the server's clock by NTP, and vsftpd to use_localtime=NO")
    return ok(text)


# --- What has been done ---


def check_last_load(patient: Patient, source: str) -> Finding:
    """The last load of a source went well, and is recent."""
    remedy = f"make load-{source}"
    runs = (
        ask(
            patient.loader,
            "select outcome, started_at, ended_at, found, loaded, unchanged, failed, error, clock_timestamp()"
            " from raw.load_runs where source = %s order by run_id desc limit 1",
            source,
        )
        if exists(patient.loader, "raw.load_runs")
        else []
    )
    for outcome, started_at, ended_at, found, loaded, unchanged, failures, error, now in runs:
        if outcome == "running":
            text = f"began {_moment(started_at)}, {_ago(now - started_at)}"
            if _is_locked(patient.loader):
                return ok(f"{text}, and is running")
            return warning(f"{text}, and died without a word", remedy)
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
    """Tell whether somebody holds the loaders' lock."""
    return ask(
        connection,
        "select exists (select from pg_locks where locktype = 'advisory' and granted and classid = 0 and objid = %s"
        " and database = (select oid from pg_database where datname = current_database()))",
        LOCK,
    ) == [(True,)]


def check_build(patient: Patient) -> Finding:
    """What has been loaded has also been built: the log files, whose time of loading the marts keep."""
    if not exists(patient.modeller, "marts.suivi_chargement"):
        return warning("the models have not been built yet", "make build")
    ((waiting, latest),) = ask(
        patient.modeller,
        "select count(*) filter (where charge_le is distinct from loaded_at), max(charge_le)"
        " from raw.log_files left join marts.suivi_chargement on dossier = folder and fichier = file_name",
    )
    if waiting:
        return warning(f"{waiting} log files have been loaded since the last build", "make build")
    return ok(f"the marts hold every log file loaded{f', the last of them {_moment(latest)}' if latest else ''}")


def check_selection(patient: Patient) -> Finding:
    """How many orders each step of the selection leaves, as the models see it."""
    if not exists(patient.modeller, "intermediate.int_commandes_selection"):
        return warning("the models have not been built yet", "make build")
    steps = ask(patient.modeller, "select etape, nb_commandes from intermediate.int_commandes_selection order by rang")
    text = ", ".join(f"{step} {count}" for step, count in steps)
    if not steps[-1][1]:
        return warning(f"{text}: no order is left", "see which step leaves none, and look at its column in the ERP")
    return ok(text)


# --- The examination ---


@dataclass(frozen=True)
class Check:
    """A check: what it is about, how it is made, which other checks must not have failed, what helps where an error ends it."""

    subject: str
    make: Callable[[Patient], Finding]
    needs: tuple[str, ...] = ()
    remedy: str = ""


def _table_check(table: ErpTable) -> Check:
    needs, remedy = ("MySQL",), "let MYSQL_USER read it, or adapt the staging model to what the ERP has become"
    return Check(f"ERP table {table.name}", lambda patient: check_table(patient, table), needs, remedy)


def _load_check(source: str) -> Check:
    needs, remedy = ("PostgreSQL",), "let POSTGRES_USER read raw.load_runs"
    return Check(f"last load of {source}", lambda patient: check_last_load(patient, source), needs, remedy)


_READ_MODELS = "let the account that dbt uses read the models, or make build"
CHECKS = (
    Check("versions", check_versions),
    Check(
        "PostgreSQL",
        check_postgres,
        remedy="set POSTGRES_HOST, _PORT, _USER, _PASSWORD and _DB in the environment or in .env; see that the server runs",
    ),
    Check("raw schema", check_raw_schema, ("PostgreSQL",), "let POSTGRES_USER write there: make grants, or grant it by hand"),
    Check("models' account", check_models_account, ("PostgreSQL",), "set DBT_POSTGRES_USER and DBT_POSTGRES_PASSWORD, or neither"),
    Check(
        "FTP server",
        check_ftp,
        remedy="set FTP_HOST, _PORT, _USER, _PASS and _TLS in the environment or in .env; see that the server runs",
    ),
    Check("folders", check_folders, ("FTP server",), "let FTP_USER list the root and its folders"),
    Check("declared centres", check_centres, ("FTP server", "folders"), "restore dbt_project/seeds/centres.csv"),
    Check("trial file", check_trial_file, ("FTP server", "folders"), "let FTP_USER read the file named"),
    Check(
        "MySQL",
        check_mysql,
        remedy="set MYSQL_HOST, _PORT, _USER, _PASSWORD and _DB in the environment or in .env; see that the server runs",
    ),
    *map(_table_check, ERP_TABLES),
    Check("clock of PostgreSQL", check_postgres_clock, ("PostgreSQL", "models' account")),
    Check("clock of MySQL", check_mysql_clock, ("MySQL",)),
    Check("clock of FTP server", check_ftp_clock, ("FTP server", "folders")),
    *map(_load_check, ("logs", "erp")),
    Check("last build", check_build, ("PostgreSQL", "models' account"), _READ_MODELS),
    Check("orders left", check_selection, ("PostgreSQL", "models' account"), _READ_MODELS),
)


def examine(environ: Mapping[str, str]) -> int:
    """Make all checks and print a line for each.

    Args:
        environ: the environment with the settings; any of them may be missing.

    Returns:
        The exit code: 1 where something failed, else 0.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # folders' names, on a terminal that knows no accents
    width = max(len(check.subject) for check in CHECKS)
    broken, code = set[str](), 0
    with ExitStack() as resources:
        patient = Patient(environ, resources)
        for check in CHECKS:
            blocked = next((need for need in check.needs if need in broken), None)
            finding = Finding("skipped", f"cannot be told while this fails: {blocked}") if blocked else _made(check, patient)
            if finding.verdict == "FAILED":
                code = 1
            if finding.blocking:
                broken.add(check.subject)
            remedy = f". Remedy: {finding.remedy}" if finding.remedy else ""
            print(f"{finding.verdict:7}  {check.subject:{width}}  {finding.text}{remedy}", flush=True)
    return code


def _made(check: Check, patient: Patient) -> Finding:
    """Make a check; an error that ends it is its finding."""
    try:
        return check.make(patient)
    except (LoadError, psycopg2.Error, OSError) as error:
        return Finding("FAILED", one_line(error), "" if getattr(error, "is_remedied", False) else check.remedy, blocking=True)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _ago(age: timedelta) -> str:
    """Say how long ago something was, in the unit that fits."""
    seconds = abs(age.total_seconds())
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= 2 * length or unit == "s":
            break
    return f"{seconds / length:.0f} {unit} {'ahead' if age < timedelta() else 'ago'}"
