"""The dictionary: all marts and their columns on one page in French, from the descriptions in dbt's manifest."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from common.errors import LoadError
from common.files import replace
from publication.lineage import Lineage, Picture
from publication.pages import fill

# PostgreSQL's types, without their lengths, in the words of the page.
_TYPES = {
    "bigint": "nombre entier",
    "boolean": "vrai ou faux",
    "date": "date",
    "integer": "nombre entier",
    "numeric": "nombre",
    "pg_catalog.numeric": "nombre",
    "text": "texte",
    "timestamp": "date et heure",
    "timestamp with time zone": "instant",
    "timestamp without time zone": "date et heure",
    "timestamptz": "instant",
    "uuid": "identifiant",
    "varchar": "texte",
}
# The part of a description that says what NULL means, up to the end of its clause.
_NULL = re.compile(r"(?: ;|,|\.)\s((?:[Jj]amais )?NULL\b(?:`[^`]*`|\([^)]*\)|[^;`(])*?)(?= ;|[.:](?:\s|$)| :|$)")
_ONE_ROW = re.compile(r"\bune ligne par (?:`[^`]*`|\([^)]*\)|[^.;:`(])*", re.IGNORECASE)
# Where French has a space that no line may break at.
_BEFORE_PUNCTUATION = re.compile(r" (?=[;:!?%»])|(?<=«) ")
_CODE = re.compile(r"<code>([\w.]+)</code>")
# In the dbt docs, a page begins with machinery, and the description comes after it, cut short in the table of columns.
_DESCRIPTION_FIRST = """<style id="description-d-abord">
.app-details > .app-frame { display: flex; flex-direction: column; }
.app-details > .app-frame > .section { order: 1; min-width: 0; }
.app-details > .app-frame > .section:has(> #description), .app-details > .app-frame > .section:has(> #columns) { order: 0; }
.app-links .nav-tabs { display: flex; flex-wrap: wrap; }
.app-links .nav-tabs > li:first-child { order: 1; margin-left: 10px; }
.column-row > td:nth-child(3) { max-width: none !important; white-space: normal !important; }
@media (max-width: 60rem) { body, .app { min-width: 0; } .app-menu { display: none; } }
column-details .table td, column-details .table th { padding-left: 6px !important; padding-right: 6px !important; }
</style>
"""


@dataclass(frozen=True)
class Column:
    """A column as the page shows it."""

    name: str
    type: str
    unit: str
    null: Markup
    description: Markup
    key: bool
    refers_to: str


@dataclass(frozen=True)
class Mart:
    """A mart as the page shows it."""

    name: str
    view: bool
    description: Markup
    one_row: Markup
    key: list[str]
    unique: list[list[str]]
    marts: list[str]
    origins: list[str]
    steps: list[str]
    columns: list[Column]


@dataclass(frozen=True)
class Group:
    """The marts of one group, and the picture of what they are made of."""

    name: str
    description: Markup
    marts: list[Mart]
    picture: Picture


def write_dictionary(folder: Path) -> Path:
    """Write the dictionary beside dbt's manifest, and let the pages of the dbt docs begin with their description.

    Args:
        folder: dbt's target folder, after `dbt docs generate --static`.

    Returns:
        The page.

    Raises:
        LoadError: there is no manifest of dbt in the folder, or a page cannot be written.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        page = folder / "dictionnaire.html"
        replace(page, _html(manifest))
        docs = folder / "static_index.html"
        text = docs.read_text(encoding="utf-8")
        if _DESCRIPTION_FIRST not in text:
            replace(docs, text.replace("</head>", f"{_DESCRIPTION_FIRST}</head>", 1))
    except OSError as error:
        raise LoadError(f"{error.filename}: {error.strerror}: make docs writes it") from error
    return page


def _html(manifest: Mapping[str, Any]) -> str:
    written = dt.datetime.fromisoformat(manifest["metadata"]["generated_at"])
    return fill("dictionnaire.html", groups=_groups(manifest), written=f"{written:%d/%m/%Y}")


def _groups(manifest: Mapping[str, Any]) -> list[Group]:
    """Return the groups that have marts, in the order of their declaration, each with its marts from A to Z."""
    lineage = Lineage(manifest)
    anchors = {f"{name}.{column}" for name, mart in lineage.marts.items() for column in mart["columns"]} | lineage.marts.keys()
    markdown = MarkdownIt("commonmark", {"html": False})

    def shown(text: str, mart: str = "", block: bool = False) -> Markup:
        """Return Markdown as HTML, in which the names of marts and columns are links to them."""

        def link(code: re.Match[str]) -> str:
            name = next((name for name in (f"{mart}.{code[1]}", code[1]) if name in anchors and name != mart), None)
            return f'<a href="#{name}">{code[0]}</a>' if name else code[0]

        text = _BEFORE_PUNCTUATION.sub("\u202f", text)
        html: str = markdown.render(text) if block else markdown.renderInline(text)
        # Safe: HTML in the text is escaped by the renderer, and names are only letters, digits and dots.
        return Markup(_CODE.sub(link, html))

    groups = []
    for group in manifest["groups"].values():
        names = sorted(name for name, mart in lineage.marts.items() if mart["config"]["group"] == group["name"])
        if names:
            marts = [_mart(name, lineage, shown) for name in names]
            groups.append(Group(group["name"], shown(group["description"] or ""), marts, lineage.picture(names)))
    return groups


def _mart(name: str, lineage: Lineage, shown: Callable[..., Markup]) -> Mart:
    node = lineage.marts[name]
    one_row = _ONE_ROW.search(node["description"])
    key = [column for rule in node["constraints"] if rule["type"] == "primary_key" for column in rule["columns"]]
    key += [column["name"] for column in node["columns"].values() if "primary_key" in _rules(column)]
    made_of = lineage.made_of(name)
    return Mart(
        name,
        node["config"]["materialized"] == "view",
        shown(node["description"], name, block=True),
        shown(one_row[0][0].upper() + one_row[0][1:].strip(), name) if one_row else Markup(),
        key,
        [rule["columns"] for rule in node["constraints"] if rule["type"] == "unique"]
        + [[column["name"]] for column in node["columns"].values() if "unique" in _rules(column)],
        sorted(made_of & lineage.marts.keys()),
        sorted(lineage.origins(name)),
        lineage.steps(name),
        [_column(column, name, key, shown) for column in node["columns"].values()],
    )


def _column(column: Mapping[str, Any], mart: str, key: Iterable[str], shown: Callable[..., Markup]) -> Column:
    rules = _rules(column)
    description, null = split_null(column["description"])
    if column["name"] in key or rules.keys() & {"not_null", "primary_key"}:
        null = "jamais"
    reference = rules.get("foreign_key")
    kind, _, length = column["data_type"].partition("(")
    decimals = length.rstrip(")").partition(",")[2]
    return Column(
        column["name"],
        _TYPES.get(kind, kind) + (f", {decimals} décimales" if decimals else ""),
        column["config"]["meta"].get("unite", ""),
        shown(null, mart),
        shown(description, mart),
        column["name"] in key,
        # The table is `"usine"."marts"."centre_usinage"`.
        reference["to"].split('"')[-2] + "." + reference["to_columns"][0] if reference else "",
    )


def _rules(column: Mapping[str, Any]) -> dict[str, Any]:
    return {rule["type"]: rule for rule in column["constraints"]}


def split_null(description: str) -> tuple[str, str]:
    """Take what a description says of NULL out of it.

    Args:
        description: such as "Heure de la première pièce ; NULL sans pièce."

    Returns:
        The rest, "Heure de la première pièce.", and what was taken, "sans pièce".
    """
    text = " ".join(description.split())
    # "NULL ou vide si …" needs the word, "NULL si …" is in a column of this name.
    said = (re.sub(r"^NULL (?!ou\b)", "", clause[1].strip()) for clause in _NULL.finditer(text))
    return _NULL.sub("", text), " ; ".join(re.sub(r"^[Jj]amais NULL", "jamais", clause) for clause in said)
