"""A command takes a role with few rights, even if its account has more."""

from typing import Any

# Only if the role exists and can read all marts: otherwise `make grants` has not run, and the account keeps its own rights.
_TAKE = """
    select set_config('role', %(role)s, false)
    from pg_class
    where relkind in ('r', 'v') and relnamespace = to_regnamespace('marts')
    having
        pg_has_role(to_regrole(%(role)s), 'set')
        and has_schema_privilege(to_regrole(%(role)s), to_regnamespace('marts'), 'usage')
        and bool_and(has_table_privilege(to_regrole(%(role)s), oid, 'select'))
        and coalesce(has_table_privilege(to_regrole(%(role)s), to_regclass(%(added_to)s), 'insert'), true)
"""


def take_role(cursor: Any, role: str, added_to: str | None = None) -> None:
    """Switch the session to a role of the warehouse, if the account may take it, and the role can read the marts.

    Args:
        cursor: a cursor of the session.
        role: the role, defined in `grants.sql`.
        added_to: a table that the role must be able to insert into, if any.
    """
    cursor.execute(_TAKE, {"role": role, "added_to": added_to})
