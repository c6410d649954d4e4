"""HTML pages: how their templates are filled, and how they are written."""

import os
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def fill(template: str, **values: object) -> str:
    """Return a page. Values are escaped; those that a script reads are JSON (`tojson`).

    Args:
        template: its name in the folder `page`.
        values: what it shows.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template(template).render(values)


def replace(page: Path, text: str) -> None:
    """Write a page in one step, or not at all.

    Raises:
        OSError: it cannot be written; an existing page is as it was.
    """
    # In the same folder, so that replacing the page is one step.
    draft = page.with_name(f".{page.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(page)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
