"""`make purge`: deletes the lines of old log files from raw, once dbt has read them.

What was read of them stays in `intermediate.int_lignes`, from which every mart can be rebuilt. The ledger keeps its rows, marked as
purged: an unchanged file is not transferred again, a changed one is loaded like any other.
"""

import logging
from collections.abc import Mapping
from datetime import date

from common.errors import LoadError
from common.settings import retention_months
from common.warehouse import Warehouse

log = logging.getLogger(__name__)

# A file has been read if its present version is in the state of dbt's worklist (`dbt_project/macros/worklists.sql`). The lock is
# the worklist's: a plain `dbt build` may be writing it.
_PURGE = """
    select pg_advisory_xact_lock(6581364, hashtext('int_fichiers_a_lire'));
    with old as (
        select
            files.file_version,
            files.line_count,
            state.key,
            coalesce(split_part(state.fingerprint, ' ', 1) = extract(epoch from files.loaded_at)::text, false) as is_read
        from raw.log_files as files
        left join intermediate.worklist_state as state
            on state.worklist = 'int_fichiers_a_lire' and state.key = files.folder || '/' || files.file_name
        where files.purged_at is null and left(files.file_name, 8) < %s
    ), marked as (
        update raw.log_files as files set purged_at = now() from old where old.is_read and files.file_version = old.file_version
    ), noted as (
        update intermediate.worklist_state as state set fingerprint = fingerprint || ' purged'
        from old
        where old.is_read and state.worklist = 'int_fichiers_a_lire' and state.key = old.key
    ), gone as (
        delete from raw.log_lines where file_version in (select file_version from old where is_read)
    )
    select count(*) filter (where is_read), coalesce(sum(line_count) filter (where is_read), 0), count(*) filter (where not is_read)
    from old
"""


def first_day_kept(before: str, environ: Mapping[str, str], today: date) -> date:
    """Return the first day whose files are kept.

    Args:
        before: the day, such as `2024-01-01`. If empty, it is the first of the month, `RETENTION_MONTHS` before this one.
        environ: the environment, for `RETENTION_MONTHS`.
        today: the present date.

    Raises:
        LoadError: it is not a date or not in the past, or neither is given.
    """
    if before:
        try:
            kept_from = date.fromisoformat(before)
        except ValueError:
            raise LoadError(f"BEFORE is {before!r}: give it as a date, BEFORE=2024-01-01") from None
        if kept_from >= today:
            raise LoadError(f"BEFORE is {before}: give a date in the past; lines of earlier days are deleted from raw")
        return kept_from
    months = retention_months(environ)
    if months is None:
        raise LoadError("BEFORE is not set: give it as a date, BEFORE=2024-01-01, or set RETENTION_MONTHS")
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def purge(warehouse: Warehouse, since: date) -> None:
    """Delete the lines of files of days before a date from raw, if dbt has read them. The ledger keeps the files.

    Args:
        warehouse: the warehouse, under the lock.
        since: the first day whose files are kept.

    Raises:
        LoadError: nothing was built yet, or PostgreSQL refuses something.
    """
    if not warehouse.ask("select from pg_tables where schemaname = 'intermediate' and tablename = 'worklist_state'"):
        raise LoadError("no log file has been read: run `make build` first; lines are deleted only once they have been read")
    # The form of the file names, `20240101`. Not by `strftime`, which writes the year 999 in three digits.
    ((files, lines, unread),) = warehouse.ask(_PURGE, (since.isoformat().replace("-", ""),))
    log.info("%s files of days before %s with %s lines deleted from raw", files, since, lines)
    if unread:
        log.warning("%s files of days before %s are kept: no build has read them yet", unread, since)
