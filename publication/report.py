"""The report: one HTML page that holds its pictures, their data and what draws them, and needs nothing else."""

import datetime as dt
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from common.errors import LoadError
from publication.marts import Answer, Marts
from publication.pictures import COLUMNS, PICTURES
from publication.settings import reader_settings

_PAGE = Path(__file__).parent / "page"
# What a column holds, by the number of its PostgreSQL type; `texte` where it is none of these. The page shows each kind in its way.
_KINDS = {
    16: "booleen",
    **dict.fromkeys((20, 21, 23, 701, 1700), "nombre"),
    1082: "jour",
    1114: "moment",  # by the factory's clock
    1184: "instant",
    1186: "heure",  # since the production day's midnight
}
# What became of the files is shown of as many days as a phone has room for. No machine makes so many pieces in a day, but a file
# may say so.
_BOUNDS = {"nombre": 31, "par_journee": 5000}


@dataclass(frozen=True)
class Extent:
    """How far back the page goes, in production days: for the figures of each day, and for each piece and state of a day."""

    days: int
    detailed_days: int


@dataclass(frozen=True)
class _Table:
    """A table of the page's data: the query that it comes from, and the columns whose values the page's selectors choose."""

    query: str
    chosen_by: tuple[str, ...] = ()
    detailed: bool = False


_TABLES = (
    _Table("centres"),
    _Table("journees", ("centre",)),
    _Table("segments", ("centre", "jour"), detailed=True),
    _Table("pieces", ("centre", "jour"), detailed=True),
    _Table("heures", ("centre",)),
    _Table("arrets", ("centre",)),
    _Table("profils"),
    _Table("commandes"),
    _Table("planifications"),
    _Table("chargements"),
    _Table("derniers_fichiers"),
    _Table("alertes"),
)


def write_report(environ: Mapping[str, str], page: Path, extent: Extent) -> int:
    """Write the report. A page that stands there is replaced as a whole, or not at all.

    Args:
        environ: the settings of the warehouse.
        page: the file.
        extent: how far back it goes.

    Returns:
        Its size in bytes.

    Raises:
        LoadError: a setting or a mart is missing, or the page cannot be written.
    """
    # In the page's own folder, so that it can take the old one's place in one step.
    draft = page.with_name(f".{page.name}.{os.getpid()}")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        with Marts(reader_settings(environ, own="REPORT")) as marts:
            data = _data(marts, extent)
        content = _html(data).encode()
        draft.write_bytes(content)
        draft.replace(page)
    except OSError as error:
        raise LoadError(f"{page}: {error.strerror}: name another file with --page") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return len(content)


def _data(marts: Marts, extent: Extent) -> dict[str, Any]:
    """Ask the marts for all that the page shows."""
    days = [day for (day,) in marts.ask("jours", {"nombre": extent.days}).rows]
    detailed = days[: extent.detailed_days]
    return {
        "etabli_le": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "jours": [day.isoformat() for day in days],
        "jours_detailles": len(detailed),
        "tables": {table.query: _table(table, marts, detailed if table.detailed else days) for table in _TABLES},
    }


def _table(table: _Table, marts: Marts, days: Sequence[dt.date]) -> dict[str, Any]:
    """Ask for a table: its columns, and its rows, which are filed under the values of the columns that the page chooses by."""
    first, last = (days[-1], days[0]) if days else (None, None)
    answer = marts.ask(table.query, {"premier_jour": first, "dernier_jour": last, **_BOUNDS})
    filed = len(table.chosen_by)
    return {
        "choisie_par": table.chosen_by,
        "colonnes": [_column(answer, place) for place in range(filed, len(answer.columns))],
        "lignes": _file([[_plain(value) for value in row] for row in answer.rows], filed),
    }


def _column(answer: Answer, place: int) -> dict[str, str]:
    name = answer.columns[place]
    return {"nom": name, "genre": _KINDS.get(answer.types[place], "texte"), "titre": COLUMNS.get(name, name)}


def _file(rows: Sequence[list[Any]], depth: int) -> Any:
    """File rows, which come in the order of their first columns, under the values of as many of these."""
    if depth == 0:
        return rows
    return {key: _file([row[1:] for row in alike], depth - 1) for key, alike in groupby(rows, key=lambda row: row[0])}


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.timedelta():
            seconds = value.total_seconds()
            return int(seconds) if seconds == int(seconds) else seconds
        case dt.date():  # a datetime, too
            return value.isoformat()
    return value


@cache
def _drawer() -> str:
    """Return the JavaScript that draws the pictures, for the version of Vega-Lite that altair writes (`6.4`, to vl-convert)."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    drawer: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    return drawer


def _html(data: Mapping[str, Any]) -> str:
    """Put the page together. What machines and people have written is in the data only, and no text ends what `tojson` writes.

    Args:
        data: what the marts hold.
    """
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template("page.html").render(
        # Only scripts that bear it run: whatever else gets into the page stays text.
        nonce=secrets.token_urlsafe(),
        drawer=_drawer(),
        data=data,
        pictures=PICTURES,
        images={
            picture.name: {"tables": picture.drawn, "a_lire": picture.read, "image": picture.specification()}
            for picture in PICTURES
        },
    )
