"""Makes the pieces and states of many days small enough for a page; page.js unpacks them.

Values of a kind stand together, times as differences, and labels as their patterns and the numbers in them. All of it is
compressed, and written in the characters that HTML can hold.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Any

# A number that is written again as it was read. PostgreSQL's texts hold no NUL, which takes its place in a pattern.
_NUMBER = re.compile(r"(?<![0-9])(?:0|[1-9][0-9]{0,14})(?![0-9])")
_PLACE = "\0"

Row = Sequence[Any]


def pack(value: object) -> str:
    """Return a value as JSON, compressed (zlib) and in base64.

    Args:
        value: what JSON can hold, or a text.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def sessions(pieces: Iterable[Row], segments: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """Return what each centre did, day by day, ready to be packed.

    Args:
        pieces: the rows of the query `pieces`, in its order.
        segments: the rows of the query `segments`, in its order.

    Returns:
        By the centre's name: its days, the texts of its labels and profiles, and a list per kind of value, with an item per day.
    """
    made = {key: list(rows) for key, rows in groupby(pieces, key=lambda row: (row[0], row[1]))}
    states = {key: list(rows) for key, rows in groupby(segments, key=lambda row: (row[0], row[1]))}
    return {
        centre: _days([day for _, day in keys], [made.get(key, []) for key in keys], [states.get(key, []) for key in keys])
        for centre, group in groupby(sorted(made.keys() | states.keys()), key=lambda key: key[0])
        for keys in [list(group)]
    }


def _days(days: Sequence[Any], made: Sequence[Sequence[Row]], states: Sequence[Sequence[Row]]) -> dict[str, Any]:
    """Return a centre's days: the rows of each, taken apart into values of a kind."""
    patterns: dict[str | None, int] = {}
    profiles: dict[str | None, int] = {}
    labels = [_labels([row[4] for row in rows], patterns) for rows in made]
    return {
        "jours": [day.isoformat() for day in days],
        "numeros": [_steps([row[2] for row in rows]) for rows in made],
        "heures": [_steps([row[3] for row in rows]) for rows in made],
        "references": [[profiles.setdefault(row[5], len(profiles)) for row in rows] for rows in made],
        "etiquettes": [indexes for indexes, _ in labels],
        "nombres": [[_steps(column) for column in columns] for _, columns in labels],
        "bornes": [_steps([row[2] for row in rows] + [rows[-1][3]]) if rows else [] for rows in states],
        "etats": ["".join(row[4][:2] for row in rows) for rows in states],
        "modeles": list(patterns),
        "profils": list(profiles),
    }


def _labels(texts: Sequence[str | None], patterns: dict[str | None, int]) -> tuple[list[int], list[list[int]]]:
    """Return the place of each text's pattern, and the numbers of all texts: all first ones, all second ones, and so on."""
    columns: list[list[int]] = []
    for text in texts:
        for place, number in enumerate(_NUMBER.findall(text or "")):
            columns.extend([[]] if place == len(columns) else [])
            columns[place].append(int(number))
    keys = [None if text is None else _NUMBER.sub(_PLACE, text) for text in texts]
    return [patterns.setdefault(key, len(patterns)) for key in keys], columns


def _steps(values: Sequence[float]) -> list[float]:
    """Return the first value, and the difference of each other one from the one before it."""
    steps = [*values[:1], *(round(value - before, 6) for before, value in pairwise(values))]
    return [int(step) if step == int(step) else step for step in steps]
