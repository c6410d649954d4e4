"""The pages in Markdown: their links, the commands, files and variables that they name, and their SQL."""

import re
import tomllib
from pathlib import Path
from unicodedata import normalize

import pytest
import yaml

from demo.factory import write_logs
from demo.stack import Stack
from tests.factory import ROOT, Factory

# Those of the dbt docs have links of their own, which `test_docs.py` follows.
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text() for page in PAGES}
# Where a variable is read, or explained for those who set it.
CODE = "\n".join(
    path.read_text()
    for pattern in (
        *("Makefile", ".env.example", "docker-compose.yml", "profiles.yml.example", "dbt_project.yml"),
        *("common/*.py", "tests/test_versions.py"),
    )
    for path in sorted(ROOT.glob(pattern))
)
# What is written by the platform, or by whoever follows a page, and is no file of the project.
MADE = (
    "target/",
    "logs/",
    "secrets/",
    "backups/",
    "variables.yml",
    "sites.yml",
    ".stack/",
    ".venv/",
    "schedule.",
    "objectifs.csv",
    "objectif_journalier.sql",
)
TOPS = [top for top in ROOT.iterdir() if top.name not in (".git", ".venv", ".stack", ".stack-bench", "target", "logs")]
FILES = {path.relative_to(ROOT).as_posix() for top in TOPS for path in (top, *top.rglob("*"))}
NAMES = {path.rsplit("/", 1)[-1] for path in FILES}

# PostgreSQL, MySQL, FTP servers, Linux and dbt say these.
MESSAGES_OF_OTHERS = {
    *("Access denied", "password authentication failed", "certificate verify failed", "550", "is blob", "No space left on device"),
    *("too many connections for role", "remaining connection slots", "permission denied for …", "must be owner of …"),
    *('could not connect to server "…"', "remote SQL command"),
    *("table … is marked as crashed", "Row 0 has 8 values, but Table only has 7 columns", "'utf-8' codec can't decode byte"),
}


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def code(page: str) -> list[str]:
    """All that stands in backticks on a page, within a line or as a block."""
    return re.findall(r"`([^`\n]+)`", without_code(TEXTS[page])) + blocks(TEXTS[page], r"\w*")


def anchors(text: str) -> set[str]:
    """What GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", normalize("NFC", heading).lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", TEXTS)
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(TEXTS[page]))
    assert links
    for link in links:
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text()), link


@pytest.mark.parametrize("page", TEXTS)
def test_every_make_target_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for text in code(page) for target in re.findall(r"(?<![\w/-])make ([a-z][a-z-]*)", text)}
    assert named - targets == set()


@pytest.mark.parametrize("page", TEXTS)
def test_every_file_that_is_named_exists(page: str) -> None:
    words = {word for text in code(page) for word in re.findall(r"(?<![\w./~…$-])[\w.][\w./-]*", text)}
    for word in words:
        if any(made in word for made in MADE):
            continue
        if "/" not in word:
            assert not word.endswith((".py", ".sql", ".yml", ".toml", ".csv", ".md", ".lock", ".css")) or word in NAMES, word
        elif word.split("/")[0] in FILES:
            assert word.rstrip("/") in FILES, word


@pytest.mark.parametrize("page", TEXTS)
def test_every_environment_variable_is_read_somewhere(page: str) -> None:
    named = {name for text in code(page) for name in re.findall(r"(?<![\w$…-])[A-Z]+(?:_[A-Z0-9]+)+(?![\w…])", text)}
    assert {name for name in named if not re.search(rf"\b{name}\b", CODE)} == set()


def test_troubleshooting_names_messages_that_the_code_has() -> None:
    table = TEXTS["docs/troubleshoot.md"].split("| you see | do |")[1].split("\n\n")[0]
    packages = ("common", "hub", "loaders", "operation", "publication", "dbt_project")
    sources = [path for package in packages for suffix in ("py", "sql") for path in (ROOT / package).rglob(f"*.{suffix}")]
    # A check's message is its name.
    sources += [ROOT / "Makefile", ROOT / "docker" / "web" / "start"]
    messages = "\n".join([*(path.read_text() for path in sources), *(path.stem for path in sources)])
    for cell in re.findall(r"^\| (.*?) \|", table, re.MULTILINE):
        for message in set(re.findall(r"`([^`]+)`", cell)) - MESSAGES_OF_OTHERS:
            assert [part for part in message.split("…") if part.strip() not in messages] == [], message


def test_readme_is_short() -> None:
    lines = TEXTS["README.md"].splitlines()
    assert len(lines) <= 120
    assert 2_000 <= len(TEXTS["README.md"].encode()) <= 8_192
    assert (ROOT / "docs/rapport.png").stat().st_size <= 200_000


def test_readme_names_every_mart() -> None:
    table = TEXTS["README.md"].split("| mart (schema")[1].split("\n\n")[0]
    named = set()
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        first, *others = re.findall(r"`(\w+)`", row)
        stem = first.rsplit("_", 1)[0]
        named |= {first, *(stem + other if other.startswith("_") else other for other in others)}
    assert named == {path.stem for path in Path(ROOT, "dbt_project/models/marts").rglob("*.sql")}


def test_the_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "dbt_project.yml").read_text())["version"] == version
    assert re.findall(r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", TEXTS["CHANGELOG.md"], re.MULTILINE)[0] == version


@pytest.fixture(scope="module")
def factory(stack: Stack, scratch: Path) -> Factory:
    """The sample's factory, loaded and built: one for all queries, none of which changes it."""
    factory = Factory(stack, scratch)
    write_logs(stack.ftp_root)
    factory.load()
    factory.build_only()
    return factory


@pytest.mark.parametrize(
    "query",
    [pytest.param(query, id=f"{page}-{number}") for page in TEXTS for number, query in enumerate(blocks(TEXTS[page], "sql"))],
)
def test_a_pages_query_has_answers(factory: Factory, query: str) -> None:
    assert factory.ask(query, role="analyst" if "marts." in query else "none")
