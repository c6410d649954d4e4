"""The servers that the tests talk to: started once, emptied for every test that asks for a factory."""

import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from selenium.webdriver import Chrome

from demo.stack import Stack
from tests.browser import browser
from tests.factory import Factory

# dbt makes objects by the hundred thousand, next to none of them garbage: looking for some so often takes a tenth of a build.
gc.freeze()
gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack") / "home")
    stack.up()
    # Its data need not outlive the machine, and nobody here guesses passwords, which hashing them so often makes slow.
    with closing(psycopg2.connect(**stack.warehouse_admin)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for setting in ("fsync = off", "full_page_writes = off", "scram_iterations = 1"):
            cursor.execute(f"alter system set {setting}")
        cursor.execute("select pg_reload_conf()")
    yield stack
    stack.destroy()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt keeps what it has parsed, which spares parsing the project again for every test."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def factory(stack: Stack, scratch: Path) -> Factory:
    return Factory(stack, scratch)


@pytest.fixture(scope="module")
def small_factory(stack: Stack, scratch: Path) -> Iterator[Factory]:
    """A factory of one piece, loaded and built once for a file's tests: they look at the latest records."""
    factory = Factory(stack, scratch)
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): b"20250528 08:00:00|@StukUitgevoerd: a\n"})
    factory.load()
    factory.build_only()
    yield factory
    factory.environment = stack.environment()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser without a screen and without a network, for a file's tests: a page that stays open keeps a processor busy."""
    with browser(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver
