"""The report: one HTML page with its charts, their data and the JavaScript that draws them. It needs no server."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from common.errors import LoadError
from common.files import replace
from publication.marts import Answer, Marts
from publication.packing import pack, sessions
from publication.pages import fill
from publication.pictures import COLUMNS, PICTURES
from publication.settings import reader_settings

# The kind of a column that `COLUMNS` gives none, by the OID of its PostgreSQL type; `texte` for all others.
_KINDS = {
    16: "booleen",
    **dict.fromkeys((20, 21, 23, 701, 1700), "entier"),
    1082: "jour",
    1114: "moment",  # by the factory's clock
    1184: "instant",
}
# `nombre`: the days of the chart of files, as many as fit on a phone. `par_journee`: pieces of a session, against nonsense in a
# file. `en_tout`: pieces of all days, as many as a page of 3 MB can hold; older days are without them.
_BOUNDS = {"nombre": 31, "par_journee": 5000, "en_tout": 200_000}
# The periods that can be chosen, in production days. All days of the page are one, too.
_PERIODS = (7, 31)


@dataclass(frozen=True)
class _Table:
    """A table of the page's data: its query, and the columns that the reader's choice filters by."""

    query: str
    chosen_by: tuple[str, ...] = ()


_OF_A_CHOICE = ("centre", "choix")
_TABLES = (
    _Table("centres"),
    _Table("journees", _OF_A_CHOICE),
    _Table("semaines", _OF_A_CHOICE),
    _Table("periodes", _OF_A_CHOICE),
    _Table("heures", _OF_A_CHOICE),
    _Table("pertes", _OF_A_CHOICE),
    _Table("pertes_profils", _OF_A_CHOICE),
    _Table("arrets", _OF_A_CHOICE),
    _Table("profils", _OF_A_CHOICE),
    _Table("alertes"),
    _Table("derniers_evenements"),
    _Table("sources"),
    _Table("commandes_a_planifier"),
    _Table("commandes_semaines"),
    _Table("commandes"),
    _Table("chargements"),
    _Table("derniers_fichiers"),
    _Table("rejets"),
    _Table("notes_qualite"),
)


def write_report(environ: Mapping[str, str], page: Path, days: int) -> int:
    """Write the report. An existing page is replaced in one step, or not at all.

    Args:
        environ: the settings of the warehouse.
        page: the file.
        days: how many production days it covers.

    Returns:
        Its size in bytes.

    Raises:
        LoadError: a setting or a mart is missing, or the page cannot be written.
    """
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        with Marts(reader_settings(environ, own="REPORT")) as marts:
            data, detail = _data(marts, days)
        content = _html(data, detail)
        replace(page, content)
    except OSError as error:
        raise LoadError(f"{page}: {error.strerror}: name another file with --page") from error
    return page.stat().st_size


def _data(marts: Marts, days: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Query the marts for all data of the page, and for each centre's pieces and states, which are packed."""
    bounds: dict[str, Any] = {"nombre_jours": days, "longueurs": [*_PERIODS, days], **_BOUNDS}
    choices = marts.ask("choix", bounds)
    chosen = [dict(zip(choices.columns, row, strict=True)) for row in choices.rows]
    bounds |= {
        "jours": [choice["du"] for choice in chosen if choice["genre"] == "jour"],
        "cles": [choice["choix"] for choice in chosen],
        "debuts": [choice["du"] for choice in chosen],
        "fins": [choice["au"] for choice in chosen],
        # Weeks are whole, also the first.
        "premier_jour": min((choice["du"] for choice in chosen), default=None),
        "dernier_jour": max((choice["au"] for choice in chosen), default=None),
    }
    # Two queries read it.
    idle = marts.ask("sans_piece", bounds).rows
    bounds |= {name: [row[place] for row in idle] for place, name in enumerate(("centres", "choisis", "heures"))}
    of_detail = {**bounds, "premier_jour": min(bounds["jours"], default=None)}
    ((detailed,),) = marts.ask("premier_detail", of_detail).rows
    of_detail["premier_jour"] = detailed
    detail = sessions(marts.ask("pieces", of_detail).rows, marts.ask("segments", of_detail).rows)
    data = {
        "etabli_le": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "par_journee": _BOUNDS["par_journee"],
        "en_tout": _BOUNDS["en_tout"],
        "premier_detail": None if detailed is None else detailed.isoformat(),
        "tables": {
            "choix": _table(choices),
            **{table.query: _table(marts.ask(table.query, bounds), table.chosen_by) for table in _TABLES},
        },
    }
    return data, {centre: pack(days) for centre, days in detail.items()}


def _table(answer: Answer, chosen_by: Sequence[str] = ()) -> dict[str, Any]:
    """Return a table: its columns, and its rows, grouped by the columns that the reader's choice filters by."""
    filed = len(chosen_by)
    return {
        "choisie_par": chosen_by,
        "colonnes": [_column(answer, place) for place in range(filed, len(answer.columns))],
        "lignes": _file([[_plain(value) for value in row] for row in answer.rows], filed),
    }


def _column(answer: Answer, place: int) -> dict[str, str]:
    name = answer.columns[place]
    title, kind = COLUMNS.get(name, (name, None))
    return {"nom": name, "genre": kind or _KINDS.get(answer.types[place], "texte"), "titre": title}


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
        case dt.date():  # a datetime, too
            return value.isoformat()
    return value


@cache
def _drawer() -> str:
    """Return the JavaScript that draws the charts, for the version of Vega-Lite that altair writes (`6.4` for vl-convert)."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return pack(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version))


def _html(data: Mapping[str, Any], detail: Mapping[str, str]) -> str:
    """Return the page. Texts from machines and people are only in the data, where `tojson` escapes them.

    Args:
        data: the data of the charts and tables.
        detail: the packed pieces and states of each centre.
    """
    return fill(
        "page.html",
        # Only scripts with this nonce run.
        nonce=secrets.token_urlsafe(),
        drawer=_drawer(),
        data=data,
        detail=detail,
        pictures=PICTURES,
        images={picture.name: {"donnees": picture.drawn, "image": picture.specification()} for picture in PICTURES},
    )
