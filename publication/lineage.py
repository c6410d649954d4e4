"""What is made of what: dbt's graph from one stored table to the next, and its picture in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

# The sizes of the picture in pixels: a box's height, a letter of its monospaced name, and what lies between boxes.
_HEIGHT, _LETTER, _PADDING, _ROW_GAP, _COLUMN_GAP = 24, 7.0, 16, 8, 64
_SWEEPS = 12
# A box in a column, or the place in it that an arrow passes through: the arrow's two ends and the column.
_Place = str | tuple[str, str, int]


class Lineage:
    """The graph of a dbt manifest, without tests and without what the platform notes for itself (`worklist_state`).

    Tables that are stored have names (`session_production`, `raw.log_lines`); the steps between them are staging and
    intermediate models.
    """

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        nodes = {**manifest["nodes"], **manifest["sources"]}
        self.names: dict[str, str] = {}
        self.marts: dict[str, Any] = {}
        for unique_id, node in nodes.items():
            match node["resource_type"]:
                case "model" if node["schema"] == "marts":
                    self.names[unique_id] = node["name"]
                    self.marts[node["name"]] = node
                case "seed" | "snapshot":
                    self.names[unique_id] = f"{node['schema']}.{node['name']}"
                case "source" if node["schema"] != "intermediate":
                    self.names[unique_id] = f"{node['schema']}.{node['identifier']}"
                case "model":
                    self.names[unique_id] = ""
        self._nodes = nodes
        self._ancestors: dict[str, set[str]] = {}
        self._parents = {
            self.names[unique_id]: self._nearest(nodes[unique_id])[0] for unique_id in self.names if self.names[unique_id]
        }

    def made_of(self, name: str) -> set[str]:
        """Return the stored tables that a stored table is made of, with no other stored table between."""
        return self._parents[name]

    def steps(self, mart: str) -> list[str]:
        """Return the models between a mart and the stored tables that it is made of, in the order of their work."""
        return self._nearest(self.marts[mart])[1]

    def origins(self, name: str) -> set[str]:
        """Return the tables of raw, the seeds and the kept history that a stored table is made of in the end."""
        return {above for above in self._above(name) if "." in above}

    def _above(self, name: str) -> set[str]:
        if name not in self._ancestors:
            self._ancestors[name] = self._parents[name].union(*map(self._above, self._parents[name]))
        return self._ancestors[name]

    def _nearest(self, node: Mapping[str, Any]) -> tuple[set[str], list[str]]:
        stored, steps = set[str](), list[str]()

        def walk(unique_ids: Iterable[str]) -> None:
            for unique_id in sorted(unique_ids):
                if name := self.names.get(unique_id):
                    stored.add(name)
                elif unique_id in self.names and (step := self._nodes[unique_id])["name"] not in steps:
                    walk(step["depends_on"]["nodes"])
                    steps.append(step["name"])

        walk(node.get("depends_on", {}).get("nodes", ()))
        return stored, steps

    def picture(self, marts: Iterable[str]) -> Picture:
        """Draw what some marts are made of, back to raw, or to the marts that are not among them.

        An arrow that a longer way says already is left out, also if that way is in the picture of other marts.
        """
        own = set(marts)
        parents: dict[str, set[str]] = {}
        todo = [*own]
        while todo:
            name = todo.pop()
            if name not in parents:
                near = self._parents[name] if name in own or name not in self.marts else set[str]()
                parents[name] = near.difference(*map(self._above, near))
                todo += parents[name]
        return _drawn(parents)


@dataclass(frozen=True)
class Box:
    """A stored table in the picture: its name, and its place in pixels."""

    name: str
    x: float
    y: float
    width: float
    height: float = _HEIGHT


@dataclass(frozen=True)
class Arrow:
    """An arrow from what is read to what is made of it, as a path of SVG."""

    parent: str
    name: str
    path: str


@dataclass(frozen=True)
class Picture:
    """Boxes and the arrows between them, and the size in pixels."""

    boxes: list[Box]
    arrows: list[Arrow]
    width: float
    height: float


def _drawn(parents: Mapping[str, set[str]]) -> Picture:
    """Lay a graph out in columns, each box to the right of all that it is made of.

    Long arrows pass between the boxes of the columns on their way.
    """

    @cache
    def column(name: str) -> int:
        return 1 + max(map(column, parents[name]), default=-1)

    arrows = [(parent, name) for name in sorted(parents) for parent in sorted(parents[name])]
    columns: dict[int, list[_Place]] = defaultdict(list)
    for name in sorted(parents):
        columns[column(name)].append(name)
    ways: list[list[_Place]] = []
    beside: dict[_Place, tuple[list[_Place], list[_Place]]] = defaultdict(lambda: ([], []))
    for parent, name in arrows:
        through: list[_Place] = [(parent, name, place) for place in range(column(parent) + 1, column(name))]
        for place in through:
            columns[place[2]].append(place)  # type: ignore[index]
        ways.append([parent, *through, name])
        for left, right in zip(ways[-1], ways[-1][1:], strict=False):
            beside[right][0].append(left)
            beside[left][1].append(right)
    _untangle(columns, beside)
    return _placed(columns, ways)


def _untangle(columns: Mapping[int, list[_Place]], beside: Mapping[_Place, tuple[list[_Place], list[_Place]]]) -> None:
    """Sort each column by where its neighbours stand, from left to right and back, so that few arrows cross."""
    for sweep in range(_SWEEPS):
        side = sweep % 2
        for number in sorted(columns, reverse=bool(side)):
            rank = {
                place: index / len(columns[other]) for other in columns for index, place in enumerate(columns[other])
            }  # fmt: skip

            def middle(place: _Place, rank: Mapping[_Place, float] = rank, side: int = side) -> float:
                near = [rank[other] for other in beside[place][side]] if place in beside else []
                return sum(near) / len(near) if near else rank[place]

            columns[number].sort(key=middle)


def _placed(columns: Mapping[int, list[_Place]], ways: Iterable[list[_Place]]) -> Picture:
    """Give every box and every arrow its place in pixels."""
    heights = {number: sum(map(_room, places)) for number, places in columns.items()}
    boxes: dict[_Place, Box] = {}
    x = 0.0
    for number in sorted(columns):
        names = [place for place in columns[number] if isinstance(place, str)]
        width = max(len(name) for name in names) * _LETTER + _PADDING
        y = (max(heights.values()) - heights[number]) / 2
        for place in columns[number]:
            name = place if isinstance(place, str) else ""
            height = _HEIGHT if name else 0
            boxes[place] = Box(name, x, y, width, height)
            y += _room(place)
        x += width + _COLUMN_GAP
    drawn = [box for box in boxes.values() if box.name]
    arrows = [Arrow(boxes[way[0]].name, boxes[way[-1]].name, _path([boxes[place] for place in way])) for way in ways]
    return Picture(drawn, arrows, x - _COLUMN_GAP, max(heights.values()))


def _room(place: _Place) -> float:
    return _ROW_GAP + (_HEIGHT if isinstance(place, str) else 4)


def _path(way: list[Box]) -> str:
    """Return the path from the right of the first box to the left of the last, level where it passes a column."""
    start, *others = way
    x, y = start.x + start.width, start.y + start.height / 2
    path = f"M{x:.0f},{y:.0f}"
    for box in others:
        to = box.y + box.height / 2
        half = (box.x - x) / 2
        path += f"C{x + half:.0f},{y:.0f} {x + half:.0f},{to:.0f} {box.x:.0f},{to:.0f}"
        if not box.name:
            path += f"H{box.x + box.width:.0f}"
        x, y = box.x + box.width, to
    return path
