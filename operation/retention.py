"""How long log files are kept in raw: from one date on, which is noted in the warehouse.

What lies before it is taken out of raw and is not copied again; the ledger keeps its rows, marked as purged, by which the
models know that what they made of those files must stay as it is.
"""

import logging
from collections.abc import Mapping
from datetime import date

from loaders.errors import LoadError
from loaders.settings import retention_months
from loaders.warehouse import Warehouse

log = logging.getLogger(__name__)

_NOTE = """
    insert into raw.retention (kept_from) values (%s)
    on conflict (one_row) do update set kept_from = excluded.kept_from
"""
_PURGE = """
    with purged as (
        update raw.log_files set purged_at = now()
        where purged_at is null and left(file_name, 8) < %s
        returning file_version, line_count
    ), gone as (
        delete from raw.log_lines where file_version in (select file_version from purged)
    )
    select count(*), coalesce(sum(line_count), 0) from purged
"""


def first_day_kept(before: str, environ: Mapping[str, str], today: date) -> date:
    """Work out from which date on files are to be kept.

    Args:
        before: the date, as `2024-01-01`; or nothing, and the first of a month is taken, `RETENTION_MONTHS` before this one.
        environ: the environment, for `RETENTION_MONTHS`.
        today: the present date.

    Raises:
        LoadError: it is no date, or not in the past, or none is given.
    """
    if before:
        try:
            kept_from = date.fromisoformat(before)
        except ValueError:
            raise LoadError(f"BEFORE is {before!r}: give it as a date, BEFORE=2024-01-01") from None
        if kept_from >= today:
            raise LoadError(f"BEFORE is {before}: give a date in the past; what lies before it is taken out of raw")
        return kept_from
    months = retention_months(environ)
    if months is None:
        raise LoadError("which files are to go? Say BEFORE=2024-01-01, or set RETENTION_MONTHS")
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def kept_from(warehouse: Warehouse) -> date | None:
    """Return the date from which on files are kept; None where all of them are.

    Raises:
        LoadError: PostgreSQL fails.
    """
    noted: list[tuple[date]] = warehouse.ask("select kept_from from raw.retention")
    return noted[0][0] if noted else None


def _as_in_names(day: date) -> str:
    """Write a date as it stands in file names, `20240101`. `strftime` would write the year 999 in three digits."""
    return day.isoformat().replace("-", "")


def is_kept(file_name: str, since: date | None) -> bool:
    """Tell whether a file's day, with which its name begins (`YYYYMMDD`), is one of those that are kept."""
    return since is None or file_name[:8] >= _as_in_names(since)


def purge(warehouse: Warehouse, since: date) -> None:
    """Keep files from a date on: those before it leave raw. An earlier date than the last one lets them come back.

    Args:
        warehouse: the warehouse, locked.
        since: the first day that is kept.

    Raises:
        LoadError: PostgreSQL fails.
    """
    warehouse.tell(_NOTE, (since,))
    ((files, lines),) = warehouse.ask(_PURGE, (_as_in_names(since),))
    log.info("log files are kept from %s on: %s files with %s lines taken out of raw", since, files, lines)
