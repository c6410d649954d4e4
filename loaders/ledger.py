"""`raw.log_files` and `raw.log_lines` say the same, also after somebody has emptied or cut one of them by hand.

The loaders write both in one transaction, so nothing of theirs can part them.
"""

import logging

from loaders.warehouse import Warehouse

log = logging.getLogger(__name__)

# Looks at the oldest transfer of each table only, so that its cost does not grow: a `truncate` has taken that one.
_DISAGREE = """
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
"""

# Lines that the ledger does not know get a row there, unless it knows a newer transfer of their file: they may be all that is
# left of it. A row that has lost some of its lines stays, one that has lost all of them goes. A size and a time that no file has
# make the next load transfer it, if the server still holds it.
_AGREE = """
    create temporary table held on commit drop as
    select folder, file_name, file_version, count(*)::integer as line_count
    from raw.log_lines
    group by folder, file_name, file_version;

    insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)
    select distinct on (folder, file_name) folder, file_name, 0, 'epoch', line_count, file_version
    from held
    order by folder, file_name, file_version desc
    on conflict (folder, file_name) do nothing;

    delete from raw.log_lines
    where file_version in (select file_version from held except select file_version from raw.log_files);

    delete from raw.log_files
    where line_count > 0 and purged_at is null and file_version not in (select file_version from held);

    update raw.log_files set size_bytes = 0, modified_at = 'epoch'
    from held
    where log_files.file_version = held.file_version and log_files.line_count != held.line_count
"""


def agree(warehouse: Warehouse, *, thoroughly: bool) -> None:
    """Make the two tables agree, where they do not.

    Args:
        warehouse: the warehouse, locked.
        thoroughly: read all lines, and so find any difference. Otherwise only a table that was emptied is noticed.

    Raises:
        LoadError: PostgreSQL fails.
    """
    if not thoroughly and warehouse.ask(_DISAGREE) == [(True,)]:
        log.warning("raw.log_files and raw.log_lines do not agree; were they changed by hand? They are put right")
        thoroughly = True
    if thoroughly:
        warehouse.tell(_AGREE)
