"""`make backup`, `make restore`, `make restore-check`, by PostgreSQL's own programs. A backup has its checksum in a file beside it.

A backup does not take the platform's lock: it has what the database held at one moment. In the middle of a load or a build, that is
what the database would hold if this had been killed then, which the next one completes.
"""

import hashlib
import logging
import os
import re
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg2.sql import SQL, Identifier

from common.errors import LoadError
from common.postgres import LOCK, connect, errors_of
from common.programs import address_of, program_for, run_program
from common.settings import ROOT, PostgresSettings, Reader, with_account
from operation.grants import administrator

log = logging.getLogger(__name__)

# A backup without them is one of another database, or of an empty one.
SCHEMAS = ("raw", "intermediate", "historique")
_TIME = "%Y%m%dT%H%M%SZ"
# How a database's name begins while it is restored.
_AT_WORK = "restoring_"


def backup(environ: Mapping[str, str]) -> None:
    """Back the database up into `BACKUP_DIR`, verify that, and remove the backups that are more or older than are to be kept.

    Raises:
        LoadError: a setting is malformed, a program is missing, the database cannot be read, or the folder cannot be written.
    """
    reader = Reader(_as_reader(environ))
    keep, days = reader.number("BACKUP_KEEP", 14, 1, 10_000), reader.number("BACKUP_KEEP_DAYS", 60, 1, 36_500)
    settings = PostgresSettings.read(reader)
    reader.check()
    folder, now, began = backup_folder(environ), datetime.now(UTC), time.monotonic()
    file = folder / f"{_stem(settings.database)}-{now.strftime(_TIME)}.dump"
    part = folder / f".{file.name}.part"
    with closing(connect(settings)) as session:
        program = program_for("pg_dump", session.info.server_version // 10_000)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(".*.part"):
            if now.timestamp() - left.stat().st_mtime > 86_400:  # by a run that was killed: none takes so long
                left.unlink()
        part.touch(mode=0o600)
        run_program(settings, program, "--format=custom", f"--file={part}", address_of(settings))
        listed = run_program(settings, str(Path(program).with_name("pg_restore")), "--list", str(part))
        if missing := [name for name in SCHEMAS if f" SCHEMA - {name} " not in listed]:
            raise LoadError(f"{settings} has no schema {', '.join(missing)}: correct POSTGRES_DB, or make load and make build")
        _sum_of(file).write_text(f"{_digest(part)}  {file.name}\n")
        part.rename(file)
        os.sync()
        others = enumerate(backups(folder, settings.database)[1:], 1)
        old = [path for count, (made, path) in others if count >= keep or now - made > timedelta(days)]
        for path in old:
            path.unlink()
            _sum_of(path).unlink(missing_ok=True)
    except OSError as error:
        raise LoadError(f"BACKUP_DIR is {str(folder)!r}: {error.strerror}; set it to a folder that can be written") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    entries = sum(not line.startswith(";") for line in listed.splitlines())
    size, seconds = file.stat().st_size / 1e6, time.monotonic() - began
    log.info("%s: %.1f MB, %d entries, in %.1f s; %d older ones removed", file, size, entries, seconds, len(old))


def restore(environ: Mapping[str, str], file: str, database: str) -> None:
    """Restore a backup into a new database, as the administrator, and say what is left to do.

    Raises:
        LoadError: the backup is missing or damaged, the database exists, or PostgreSQL refuses something; no database is left then.
    """
    if not file or not database:
        raise LoadError("BACKUP or DATABASE is not set: BACKUP=backups/….dump DATABASE=usine_restored names both")
    if not database.isprintable() or len(database.encode()) > 63 or database.startswith(_AT_WORK):
        raise LoadError(f"DATABASE is {database!r}: set it to a name of 63 bytes at most that does not begin with {_AT_WORK}")
    _restore(PostgresSettings.from_environ({**environ, **administrator(environ)}), Path(file), database)
    log.info("set POSTGRES_DB=%s, then make grants if rights are split, then make load && make build", database)


def check_restore(environ: Mapping[str, str]) -> None:
    """Restore the newest backup into a database that is dropped again.

    Raises:
        LoadError: there is no backup, or it cannot be restored.
    """
    settings, folder = PostgresSettings.from_environ(_as_reader(environ)), backup_folder(environ)
    if not (made := backups(folder, settings.database)):
        raise LoadError(f"{folder} has no backup of {settings.database}: make backup")
    _restore(settings, made[0][1], None)


def backup_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the backups: `BACKUP_DIR`, by default the project's `backups`. A relative one is in the project."""
    return ROOT / (environ.get("BACKUP_DIR") or "backups")


def backups(folder: Path, database: str) -> list[tuple[datetime, Path]]:
    """Return the backups of a database, each with its time, the newest first."""
    named = re.compile(rf"{re.escape(_stem(database))}-(\d{{8}}T\d{{6}}Z)\.dump")
    found = []
    for path in folder.glob("*.dump"):
        if match := named.fullmatch(path.name):
            with suppress(ValueError):  # no time
                found.append((datetime.strptime(match[1], _TIME).replace(tzinfo=UTC), path))
    return sorted(found, reverse=True)


def _as_reader(environ: Mapping[str, str]) -> dict[str, str]:
    """Put the account that backs up in the place of the loaders': its own, else the administrator's, else dbt's."""
    return with_account({**with_account(environ, ["DBT"]), **administrator(environ)}, ["BACKUP"])


def _restore(settings: PostgresSettings, file: Path, database: str | None) -> None:
    """Restore a backup into a new database; without a name, on trial: it is dropped again.

    It gets its name at the end. What a killed run has left is dropped by the account's next one.
    """
    try:
        if _sum_of(file).read_text().split()[:1] != [_digest(file)]:
            raise LoadError(f"{file} is damaged: its checksum is not that in {_sum_of(file).name}; take another backup")
    except OSError as error:
        raise LoadError(f"BACKUP: {error.filename}: {error.strerror}; name a backup that has its .sha256 beside it") from None
    server, began = replace(settings, database="postgres"), time.monotonic()
    at_work = _AT_WORK + hashlib.sha256(f"{settings.user} {settings.database}".encode()).hexdigest()[:16]
    with closing(connect(server)) as session, errors_of(server), session.cursor() as cursor:
        program = program_for("pg_restore", session.info.server_version // 10_000)
        # The lock ends with this session, however that ends.
        query = "select pg_try_advisory_lock(%s, hashtext(%s)), exists (select from pg_database where datname = %s)"
        cursor.execute(query, (LOCK, at_work, database))
        ((is_alone, exists),) = cursor.fetchall()
        if not is_alone:
            raise LoadError(f"{settings}: another restore or restore-check is at work: wait for its end")
        if exists:
            raise LoadError(f"the database {database} exists: name a new one in DATABASE")
        drop = SQL("drop database if exists {} with (force)").format(Identifier(at_work))
        cursor.execute(drop)
        cursor.execute(SQL("create database {} template template0 encoding 'UTF8'").format(Identifier(at_work)))
        words = ["--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions", "--exit-on-error", str(file)]
        try:
            run_program(settings, program, address_of(replace(settings, database=at_work)), *words)
            if database:
                cursor.execute(SQL("alter database {} rename to {}").format(Identifier(at_work), Identifier(database)))
        finally:
            cursor.execute(drop)
    log.info("%s: restored%s in %.1f s", file, f" into {database}" if database else " and dropped again", time.monotonic() - began)


def _stem(database: str) -> str:
    return re.sub(r"[^\w.-]", "_", database)


def _sum_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
