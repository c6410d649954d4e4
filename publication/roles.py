"""No more rights than a command needs, whatever the account that it was given may do."""

from typing import Any

# Where `make grants` has made the role for this warehouse, and since. Elsewhere the account's own rights have to do.
_TAKE = """
    select set_config('role', %(role)s, false)
    from pg_class
    where relkind = 'r' and relnamespace = to_regnamespace('marts')
    having
        pg_has_role(to_regrole(%(role)s), 'set')
        and has_schema_privilege(to_regrole(%(role)s), to_regnamespace('marts'), 'usage')
        and bool_and(has_table_privilege(to_regrole(%(role)s), oid, 'select'))
        and coalesce(has_table_privilege(to_regrole(%(role)s), to_regclass(%(added_to)s), 'insert'), true)
"""


def take_role(cursor: Any, role: str, added_to: str | None = None) -> None:
    """Go on with the rights of a role of the warehouse, if the account may take it, and it may read the marts.

    Args:
        cursor: of the session.
        role: the role, as `grants.sql` has it.
        added_to: the table that it adds to, if any.
    """
    cursor.execute(_TAKE, {"role": role, "added_to": added_to})
