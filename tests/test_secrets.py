"""Passwords never leak: everything that a run writes, prints or shows in its command lines is searched for them."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from common.errors import LoadError
from common.settings import PostgresSettings
from common.warehouse import Warehouse
from tests.factory import ROOT, Factory

PASSWORDS = ("FTP_PASS", "MYSQL_PASSWORD", "POSTGRES_PASSWORD", "DBT_POSTGRES_PASSWORD")
WHERE_THEY_BELONG = {".env"}


class Watch(threading.Thread):
    """Looks for secrets in a folder's files and in every process's command line, again and again until its block ends.

    Attributes:
        seen: the files and command lines that it has read.
        found: those in which a secret stood.
    """

    def __init__(self, secrets: Iterable[str], folder: Path) -> None:
        super().__init__()
        self._secrets = [secret.encode() for secret in secrets]
        self._folder = folder
        self._done = threading.Event()
        self.seen: set[str] = set()
        self.found: set[str] = set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        while not self._done.wait(0.1):
            self._look()
        self._look()  # what is left behind

    def _look(self) -> None:
        files = [Path(folder, name) for folder, _, names in os.walk(self._folder) for name in names]
        for path in (*files, *Path("/proc").glob("[0-9]*/cmdline")):
            try:
                content = path.read_bytes()
            except OSError:
                continue  # it is gone meanwhile
            name = content.decode(errors="replace") if path.name == "cmdline" else path.name
            self.seen.add(name)
            if any(secret in content for secret in self._secrets):
                self.found.add(name)


class Place:
    """A folder in which the platform runs as it does for a user: project, `.env`, home and temporary files."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        for name in ("project", "home", "tmp"):
            (folder / name).mkdir(parents=True)
        self.project = folder / "project"
        shutil.copytree(ROOT / "dbt_project", self.project / "dbt_project")
        for name in ("dbt_project.yml", "selectors.yml"):
            shutil.copy(ROOT / name, self.project)
        shutil.copy(ROOT / "profiles.yml.example", self.project / "profiles.yml")
        quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in settings.items()}
        (self.project / ".env").write_text("".join(f'{name}="{value}"\n' for name, value in quoted.items()))

    def run(self, *words: str, fails: bool = False) -> str:
        """Run a command as make does; return its output."""
        own = {"HOME": str(self.project.parent / "home"), "TMPDIR": str(self.project.parent / "tmp"), "PYTHONPATH": str(ROOT)}
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("FTP_", "MYSQL_", "POSTGRES_", "DBT_"))
        }
        done = subprocess.run(
            [sys.executable, "-m", "common.dotenv", *words],
            cwd=self.project,
            env={**inherited, **own},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr


LOADERS = (sys.executable, "-m", "loaders")
DBT = (str(Path(sys.executable).with_name("dbt")), "--debug")


def secret_part(password: str) -> str:
    """The part of a password of the stack that looks the same whatever it is quoted for."""
    assert len(password) >= 16
    assert password[:16].isalnum()
    return password[:16]


def test_a_password_in_a_command_line_would_be_found(tmp_path: Path) -> None:
    with Watch(["s3cr3t"], tmp_path) as watch:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.5)", "s3cr3t"], check=True)
    assert len(watch.found) == 1


def test_a_load_and_a_build_leave_no_password_anywhere(factory: Factory, tmp_path: Path) -> None:
    secrets = [secret_part(factory.environment[name]) for name in PASSWORDS]
    factory.put_logs(
        {("DEM12 (PVC)", f"202505{day}.LOG"): b"20250526 10:00:00|@StukUitgevoerd: a\r\n" * 4000 for day in range(10, 30)}
    )
    factory.put_erp({"a_kopf": [{"id": f"K{number}"} for number in range(1000)]})
    place = Place(tmp_path / "place", factory.environment)
    with Watch(secrets, tmp_path) as watch:
        said = place.run(*LOADERS, "load")
        said += place.run(*DBT, "build", "--select", "stg_logs__lines", "+centre_usinage")
    assert watch.found == WHERE_THEY_BELONG
    assert {"manifest.json", "run_results.json", "partial_parse.msgpack", "dbt.log"} <= watch.seen
    assert any("loaders\0load" in name for name in watch.seen)
    assert any("dbt\0--debug\0build" in name for name in watch.seen)
    (runs,) = factory.ask("select string_agg(t::text, ' ') from raw.load_runs t")
    for secret in secrets:
        assert secret not in said
        assert secret not in runs[0]


def test_no_driver_tells_the_password_that_was_refused(factory: Factory, tmp_path: Path) -> None:
    wrong = "d1stinct1ve'\"%40 @:/?#\\$"
    secret = "d1stinct1ve"
    factory.load("logs")
    for variable, command in (
        ("FTP_PASS", (*LOADERS, "--debug", "load", "logs")),
        ("MYSQL_PASSWORD", (*LOADERS, "--debug", "load", "erp")),
        ("POSTGRES_PASSWORD", (*LOADERS, "--debug", "load")),
        ("DBT_POSTGRES_PASSWORD", (*DBT, "debug", "--connection")),
    ):
        folder = tmp_path / f"{variable} {command[-1]}"
        place = Place(folder, {**factory.environment, variable: wrong})
        with Watch([secret], folder) as watch:
            said = place.run(*command, fails=True)
        assert "refused" in said or "Access denied" in said or "password authentication failed" in said
        assert secret not in said
        assert watch.found == WHERE_THEY_BELONG
    settings = PostgresSettings.from_environ({**factory.environment, "POSTGRES_PASSWORD": wrong})
    assert secret not in repr(settings)
    with pytest.raises(LoadError, match="password authentication failed") as refused, Warehouse(settings).transaction():
        pass
    assert secret not in str(refused.value)
    (runs,) = factory.ask("select string_agg(t::text, ' ') from raw.load_runs t")
    assert "refused" in runs[0]
    assert "Access denied" in runs[0]
    assert secret not in runs[0]
