"""The table of the alerts' states, which `make grants` or the first `make alerts` makes."""

from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_suffix(".sql")


def make_alert_states(cursor: Any) -> None:
    """Create the table of the alerts' states, or give one of an earlier version what it lacks."""
    cursor.execute("select from pg_attribute where attrelid = to_regclass('historique.alertes_etats') and attname = 'message'")
    if not cursor.rowcount:
        cursor.execute(_SCRIPT.read_text(encoding="utf-8"))
