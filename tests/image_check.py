"""Builds and runs the containers without Docker: `make image-check`. It takes some minutes, and needs root.

What a test of `make test` cannot afford: a clean Debian, all packages from their registries, a schedule that runs for minutes.
"""

import os
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from common.errors import LoadError
from common.settings import FtpSettings
from demo.stack import Stack, install_packages
from loaders.ftp import FtpClient
from tests.chat import Chat
from tests.compose import FACTORY, services, written
from tests.factory import ROOT
from tests.image import Container, Image, build

NAMES = ["FTP_PASS", "MYSQL_PASSWORD", "POSTGRES_PASSWORD", "DBT_POSTGRES_PASSWORD", "POSTGRES_ADMIN_PASSWORD"]
NAMES += ["BACKUP_POSTGRES_PASSWORD", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL", "SMTP_PASSWORD", "WEB_PASSWORDS"]
VOLUMES = ("postgres", "target", "logs", "spool", "backups", "mysql", "ftp", "certificates", "seeds")

# What the web server shows, by its address, and the file that it is.
PAGES = {"/rapport.html": "rapport.html", "/dictionnaire.html": "dictionnaire.html", "/documentation.html": "static_index.html"}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean Debian: `USINE_IMAGE_BASE` names one that debootstrap has made, or else one is made."""
    if given := os.environ.get("USINE_IMAGE_BASE"):
        return Path(given)
    folder = tmp_path_factory.mktemp("debian")
    install_packages("Debian", {"debootstrap": "debootstrap"}, folder / "apt.log", print)
    base = folder / "base"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base], check=True, stdout=subprocess.DEVNULL)
    return base


@pytest.fixture(scope="session")
def platform(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(ROOT / "Dockerfile", ROOT, base, tmp_path_factory.mktemp("platform") / "root")


@pytest.fixture(scope="session")
def web(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    context = ROOT / "docker" / "web"
    return build(context / "Dockerfile", context, base, tmp_path_factory.mktemp("web") / "root")


@pytest.fixture(scope="session")
def ftp(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    context = ROOT / "docker" / "ftp"
    return build(context / "Dockerfile", context, base, tmp_path_factory.mktemp("ftp") / "root")


class Deployment:
    """The services of the Compose file on the stack's servers, with volumes and secrets in a folder."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        self.folder = folder
        self.stack = stack
        given = stack.environment()
        variables = {**FACTORY, **{name: given[name] for name in ("FTP_HOST", "FTP_PORT", "FTP_USER")}}
        variables |= {name: given[name] for name in ("MYSQL_HOST", "MYSQL_PORT", "MYSQL_USER", "MYSQL_DB")}
        variables |= {"SCHEDULE_LOGS": "* * * * *", "SCHEDULE_ERP": "* * * * *", "SCHEDULE_DAILY": ""}
        self.services = services(folder, written(folder, variables))
        self.volumes = {name: folder / "volumes" / name for name in VOLUMES}
        self.secrets = {name: folder / "secrets" / name for name in NAMES}
        for path in self.volumes.values():
            path.mkdir(parents=True)
        (folder / "secrets").mkdir(mode=0o700)
        for name, path in self.secrets.items():
            path.write_text(given.get(name, "") + "\n" * (name in given))
        self.secrets["POSTGRES_ADMIN_PASSWORD"].write_text(stack.warehouse_admin["password"])
        self.secrets["BACKUP_POSTGRES_PASSWORD"].write_text("sauve qui peut")
        # The warehouse that replaces the service.
        login = stack.warehouse_admin
        self.warehouse = {"POSTGRES_HOST": login["host"], "POSTGRES_PORT": str(login["port"]), "POSTGRES_DB": login["dbname"]}

    def start(self, image: Image, service: str, **environ: str) -> Container:
        log = self.folder / f"{service}.log"
        log.touch()
        return Container(image, self.services[service], self.secrets, self.volumes, log, environ)

    def said(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def ask(self, query: str) -> list[Any]:
        with closing(psycopg2.connect(**self.stack.warehouse_admin)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


@pytest.fixture(scope="session")
def deployment(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    stack.empty()
    return Deployment(tmp_path_factory.mktemp("deployment"), stack)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come to hold"
        time.sleep(0.1)


# The platform


def test_the_image_holds_what_running_needs_and_nothing_else(platform: Image) -> None:
    app = platform.root / "app"
    assert {path.name for path in app.iterdir()} == {
        ".venv", "Makefile", "backups", "common", "dbt_project", "dbt_project.yml", "demo", "hub", "loaders", "logs",
        "operation",
        "profiles.yml",
        "profiles.yml.example", "publication", "requirements-run.lock", "requirements.lock", "selectors.yml", "spool", "target",
    }  # fmt: skip
    assert {path.name for path in (app / "demo").iterdir()} == {"__init__.py", "factory.py", "sample.py", "seeds"}
    for package in ("pytest", "mypy", "selenium", "sqlfluff"):
        assert not [*(app / ".venv" / "lib").glob(f"*/site-packages/{package}")], package
    assert not [*app.rglob("*.LOG")]
    own = {path for path in app.rglob("*") if path.lstat().st_uid}
    assert own == {app / name for name in ("backups", "logs", "spool", "target")}


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.close()


def test_grants_and_sample_run_to_their_end_and_the_schedule_loads_and_builds_until_asked_to_end(
    platform: Image, deployment: Deployment, chat: Chat
) -> None:
    admin = deployment.stack.warehouse_admin["user"]
    said = deployment.start(platform, "grants", **deployment.warehouse, POSTGRES_ADMIN_USER=admin).run()
    assert "loader: may log in" in said
    assert "transformer: may log in" in said
    assert "backup: may log in" in said

    erp = deployment.stack.erp_admin
    deployment.secrets["MYSQL_PASSWORD"].write_text(erp["password"])
    login = {"MYSQL_HOST": erp["host"], "MYSQL_PORT": str(erp["port"]), "MYSQL_USER": erp["user"]}
    said = deployment.start(platform, "sample", **login).run()
    assert said.splitlines() == ["The FTP server has the machine logs", "The ERP has its orders"]
    subprocess.run(["cp", "-a", f"{deployment.volumes['ftp']}/.", deployment.stack.ftp_root], check=True)
    assert deployment.start(platform, "sample", **login).run() == said  # and not a word more
    deployment.secrets["MYSQL_PASSWORD"].write_text(deployment.stack.environment()["MYSQL_PASSWORD"])

    published = deployment.volumes["target"]
    # What the factory declares, and its thresholds, are in a folder beside `.env`.
    seeds = deployment.volumes["seeds"]
    shutil.copytree(ROOT / "demo" / "seeds", seeds, dirs_exist_ok=True)
    centres = (seeds / "centres.csv").read_text()
    (seeds / "centres.csv").write_text(centres.replace("Centre d'usinage des profilés PVC", "Monté à côté de .env"))
    (seeds / "variables.yml").write_text("alertes_silence_heures: 5\n")
    told = {"SEEDS_DIR": "seeds", "VARS_FILE": "seeds/variables.yml", "BACKUP_DIR": "backups", "ALERT_WEBHOOK_URL": chat.url}
    with deployment.start(platform, "elt", **deployment.warehouse, **told) as elt:
        health = [word.replace("$$", "$") for word in deployment.services["elt"]["healthcheck"]["test"][1:]]
        wait_for(lambda: elt.exec("sh", "-c", "cd /app && " + " ".join(health)).returncode == 0)
        wait_for(lambda: deployment.said("elt").count("logs: ok") >= 2 and deployment.said("elt").count("erp: ok") >= 2, 300)
        daily = elt.exec("sh", "-c", "cd /app && make job JOB=daily")
        assert daily.returncode == 0, daily.stdout + daily.stderr
        assert chat.messages
        assert deployment.ask("select nom from marts.centre_usinage where description = 'Monté à côté de .env'") == [("DEM12",)]
        variables = "select from historique.constructions where empreintes ->> 'variables' like '%%{}'"
        assert deployment.ask(variables.format("silence_heures: 5"))
        (seeds / "variables.yml").write_text("alertes_silence_heures: 6\n")
        saved = elt.exec("sh", "-c", "cd /app && make job JOB=backup")
        assert saved.returncode == 0, saved.stdout + saved.stderr
        assert "restored and dropped again" in saved.stderr
        assert [path.suffix for path in sorted(deployment.volumes["backups"].iterdir())] == [".dump", ".sha256"]
        wait_for(lambda: deployment.ask(variables.format("silence_heures: 6")), 120)
        environ = Path(f"/proc/{elt.first}/environ").read_bytes()
        doctor = elt.exec("sh", "-c", "cd /app && make doctor")
        assert doctor.returncode == 0, doctor.stdout
        status = Path(f"/proc/{elt.first}/status").read_text()
        assert {line.split()[1] for line in status.splitlines() if line.startswith("Uid:")} == {"10001"}
        assert "NoNewPrivs:\t1" in status
        assert "CapBnd:\t0000000000000000" in status
        assert Path(f"/proc/{elt.first}/comm").read_text() == "tini\n"
        for place in ("/app/loaders/x", "/x", "/etc/x"):
            assert "Read-only file system" in elt.exec("touch", place).stderr
        # In the middle of a run, which comes every minute.
        seen = deployment.said("elt").count("began")
        wait_for(lambda: deployment.said("elt").count("began") > seen, 120)
        assert elt.stop(20) == 0
    for name, path in deployment.secrets.items():
        secret = path.read_text().strip("\n")
        assert not secret or secret.encode() not in environ, name
    assert (published / "static_index.html").stat().st_size > 1_000_000
    assert (published / "dictionnaire.html").stat().st_size > 100_000
    assert (published / "rapport.html").stat().st_size > 1_000_000
    assert not (deployment.volumes["logs"] / "schedule.heartbeat").exists()
    assert [*deployment.volumes["spool"].iterdir()] == []
    ((loads,),) = deployment.ask("select count(*) from raw.load_runs where outcome = 'ok'")
    assert loads >= 4
    assert deployment.ask("select count(*) > 1000 from marts.piece_production") == [(True,)]
    # Nothing is at work any more.
    assert deployment.ask("select count(*) from pg_stat_activity where usename in ('loader', 'transformer')") == [(0,)]


# The pages


@pytest.fixture(scope="session")
def pages(web: Image, deployment: Deployment) -> Iterator[Container]:
    with deployment.start(web, "web") as container:
        check = [word.replace("$$", "$") for word in deployment.services["web"]["healthcheck"]["test"][1:]]
        wait_for(lambda: container.exec(*check).returncode == 0)
        yield container


def test_pages_that_others_reach_ask_for_a_name_and_a_password(web: Image, deployment: Deployment) -> None:
    check = [word.replace("$$", "$") for word in deployment.services["web"]["healthcheck"]["test"][1:]]
    published = {"WEB_PUBLISHED": "0.0.0.0:28080"}
    with deployment.start(web, "web", **published) as container:
        assert container.process.wait(20) == 1
    (said,) = deployment.said("web").splitlines()
    assert said.endswith("which others reach: put names and passwords into WEB_PASSWORDS_FILE")

    hashed = subprocess.run(["openssl", "passwd", "-6", "pâte à choux"], capture_output=True, text=True, check=True).stdout
    deployment.secrets["WEB_PASSWORDS"].write_text(f"marie:{hashed}")
    try:
        for environ in (published, {}):
            with deployment.start(web, "web", **environ) as container:
                wait_for(lambda: container.exec(*check).returncode == 0)  # it is called at once
                for path in ("/", "/rapport.html", "/documentation.html"):
                    assert (get(path).status, get(path).headers["WWW-Authenticate"]) == (401, 'Basic realm="Usine"')
                    assert get(path, Authorization=_basic("marie:autre chose")).status == 401
                    assert get(path, Authorization=_basic("marie:pâte à choux")).status in (200, 503)
    finally:
        deployment.secrets["WEB_PASSWORDS"].write_text("")


def _basic(account: str) -> str:
    return "Basic " + b64encode(account.encode()).decode()


@dataclass(frozen=True)
class Answer:
    """What the web server answers."""

    status: int
    headers: Message
    text: str


def get(path: str, method: str = "GET", **headers: str) -> Answer:
    with closing(HTTPConnection("127.0.0.1", 8080, timeout=10)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))


def test_the_pages_are_served_and_nothing_beside_them(pages: Container, deployment: Deployment) -> None:
    published = deployment.volumes["target"]
    for name in PAGES.values():
        if not (published / name).exists():
            (published / name).write_text(f"<h1>{name}</h1>" * 100)
    (published / "run_results.json").touch()
    (published / "compiled").mkdir(exist_ok=True)
    (published / "metrics.prom").write_text("usine_up 1\n")
    assert (get("/metrics").text, get("/metrics").headers["Content-Type"]) == ("usine_up 1\n", "text/plain; charset=utf-8")
    assert "rapport.html" in get("/").text
    for path, name in PAGES.items():
        answer = get(path)
        assert (answer.status, answer.text) == (200, (published / name).read_text())
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert get(path, If_None_Match=answer.headers["ETag"]).status == 304
        assert get(path, "HEAD", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    hidden = ["/run_results.json", "/static_index.html", "/compiled/", "/target/", "/attente.html", "/accueil.html", "/.env"]
    for path in [*hidden, "/../etc/passwd", "/..%2fetc/passwd", "//rapport.html/x", "/rapport.html/"]:
        assert get(path).status in (400, 404), path
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        assert get("/rapport.html", method).status == 405, method


def test_a_page_that_is_not_there_yet_is_said_to_come(pages: Container, deployment: Deployment) -> None:
    for path, name in PAGES.items():
        page = deployment.volumes["target"] / name
        aside = page.with_suffix(".aside")
        page.rename(aside)
        answer = get(path)
        aside.rename(page)
        assert (answer.status, "Pas encore publié" in answer.text) == (503, True)


def test_every_answer_says_what_a_browser_may_do_with_it(pages: Container) -> None:
    for path in ("/", "/rapport.html", "/nowhere"):
        headers = get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Server"] == "nginx"


def test_the_web_server_is_nobody_and_writes_nothing(pages: Container, deployment: Deployment) -> None:
    status = Path(f"/proc/{pages.first}/status").read_text()
    assert "Uid:\t33\t33\t33\t33" in status
    assert "CapBnd:\t0000000000000000" in status
    assert "Read-only file system" in pages.exec("touch", "/srv/published/x").stderr


# The trial's FTP server


def test_the_ftp_server_takes_its_account_and_its_password_and_gives_the_files(ftp: Image, deployment: Deployment) -> None:
    environ = {"FTP_HOST": "127.0.0.1", "FTP_USER": "atelier", "FTP_PASS": "essai sans façon"}
    deployment.secrets["FTP_PASS"].write_text(environ["FTP_PASS"] + "\n")
    shutil.rmtree(deployment.volumes["ftp"])
    place = deployment.volumes["ftp"] / "DEM12 (PVC)" / "20250526.LOG"
    place.parent.mkdir(parents=True)
    content = b"20250526 10:00:00|@MachineStart\r\n"
    place.write_bytes(content)
    with deployment.start(ftp, "ftp", FTP_USER=environ["FTP_USER"]) as container:
        check = [word.replace("$$", "$") for word in deployment.services["ftp"]["healthcheck"]["test"][1:]]
        wait_for(lambda: container.exec(*check).returncode == 0)
        with closing(FtpClient(FtpSettings.from_environ(environ))) as client:
            (folder,) = client.folders()
            (file,) = client.files(folder)
            with client.download(file) as spooled:
                assert spooled.read() == content
        wrong = FtpSettings.from_environ({**environ, "FTP_PASS": "wrong"})
        with closing(FtpClient(wrong)) as client, pytest.raises(LoadError, match="refused"):
            client.folders()
