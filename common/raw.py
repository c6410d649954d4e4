"""What the loaders need to know of the tables in raw, which `raw.sql` creates."""

from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".sql")


def quoted(identifier: str) -> str:
    """Quote a name for a statement."""
    return '"' + identifier.replace('"', '""') + '"'


@dataclass(frozen=True)
class ErpTable:
    """A table of the ERP, with the columns that staging needs. Other columns are copied too, and added as they appear."""

    name: str
    needed: tuple[str, ...]


ERP_TABLES = (
    ErpTable("a_kopf", ("id", "aunummer", "aualpha", "aufstatus", "kommission")),
    ErpTable("a_logbuch", ("id_a_kopf", "datum", "notiz")),
    ErpTable("p_zubeh", ("id_a_kopf", "zcode", "text")),
    ErpTable("a_vorgang", ("id_a_kopf", "nummer", "bezeichnung")),
)
