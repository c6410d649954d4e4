"""The report: one HTML page with its charts, their data and the JavaScript that draws them. It needs no server."""

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
# The kind of a column, by the OID of its PostgreSQL type; `texte` for all others. The page formats each kind.
_KINDS = {
    16: "booleen",
    **dict.fromkeys((20, 21, 23, 701, 1700), "nombre"),
    1082: "jour",
    1114: "moment",  # by the factory's clock
    1184: "instant",
    1186: "heure",  # since the production day's midnight
}
# `nombre`: the days of the chart of files, as many as fit on a phone. `par_journee`: pieces of a day, against nonsense in a file.
_BOUNDS = {"nombre": 31, "par_journee": 5000}


@dataclass(frozen=True)
class Extent:
    """How far back the page goes, in production days: for the figures of each day, and for each piece and state of a day."""

    days: int
    detailed_days: int


@dataclass(frozen=True)
class _Table:
    """A table of the page's data: its query, and the columns that the page's selectors filter by."""

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
    """Write the report. An existing page is replaced in one step, or not at all.

    Args:
        environ: the settings of the warehouse.
        page: the file.
        extent: how far back it goes.

    Returns:
        Its size in bytes.

    Raises:
        LoadError: a setting or a mart is missing, or the page cannot be written.
    """
    # In the same folder, so that replacing the page is one step.
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
    """Query the marts for all data of the page."""
    days = [day for (day,) in marts.ask("jours", {"nombre": extent.days}).rows]
    detailed = days[: extent.detailed_days]
    return {
        "etabli_le": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "jours": [day.isoformat() for day in days],
        "jours_detailles": len(detailed),
        "tables": {table.query: _table(table, marts, detailed if table.detailed else days) for table in _TABLES},
    }


def _table(table: _Table, marts: Marts, days: Sequence[dt.date]) -> dict[str, Any]:
    """Query a table: its columns, and its rows, grouped by the columns that the selectors filter by."""
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
    """Group rows, sorted by their first columns, into nested dictionaries by the first `depth` columns."""
    if depth == 0:
        return rows
    return {key: _file([row[1:] for row in alike], depth - 1) for key, alike in groupby(rows, key=lambda row: row[0])}


def _plain(value: object) -> object:
    """Return a value that JSON can hold."""
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
    """Return the JavaScript that draws the charts, for the version of Vega-Lite that altair writes (`6.4` for vl-convert)."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    drawer: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    return drawer


def _html(data: Mapping[str, Any]) -> str:
    """Return the page. Texts from machines and people are only in the data, where `tojson` escapes them.

    Args:
        data: the data of the charts and tables.
    """
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template("page.html").render(
        # Only scripts with this nonce run.
        nonce=secrets.token_urlsafe(),
        drawer=_drawer(),
        data=data,
        pictures=PICTURES,
        images={
            picture.name: {"tables": picture.drawn, "a_lire": picture.read, "image": picture.specification()}
            for picture in PICTURES
        },
    )
