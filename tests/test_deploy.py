"""What runs on a server: the Compose file as Compose reads it, what enters the image, systemd's timers.

`make image-check` builds the images and runs them.
"""

import http.client
import os
import re
import shutil
import subprocess
import time
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import metadata
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from common.dotenv import SECRETS, parse
from demo.stack import HOST, install_packages, unpack
from operation.times import TIMES, Times
from tests.compose import FACTORY, TRIAL, compose, services, written
from tests.factory import ROOT
from tests.image import entering
from tests.servers import free_port
from tests.test_packaging import ADDRESSES, PIN, PINS

PRODUCTION = {"postgres", "grants", "elt", "web"}
# Services that do their work and end.
ONCE = {"grants", "sample"}
UNITS = ROOT / "deploy" / "systemd"
COMPOSE_FILE = (ROOT / "docker-compose.yml").read_text()
# A container has one account to build, which takes a role to publish: more accounts would protect nothing inside it.
# The platform does not read the web server's file.
MOUNTED = [name for name in SECRETS if not name.startswith(("REPORT_", "ALERTS_"))] + ["WEB_PASSWORDS"]
# What nobody needs.
OPTIONAL = ("ALERT_WEBHOOK_URL", "HEARTBEAT_URL", "SMTP_PASSWORD", "BACKUP_POSTGRES_PASSWORD", "WEB_PASSWORDS")
# All that .env may set; not the secrets themselves.
CHOSEN = {
    **FACTORY,
    **{name: f"s3cr3t {name}" for name in SECRETS},
    **{f"{name}_FILE": f"/somewhere/{name}" for name in MOUNTED},
    "BACKUP_DIR": "backups",
    "FTP_TLS": "true",
    "POSTGRES_PUBLISHED": "10.0.0.5:5432",
    "SCHEDULE_ERP": "",
    "SCHEDULE_LOGS": "*/5 6-20 * * 1-5; 0 8 * * *",
    "VARS_FILE": "seeds/variables.yml",
    "WEB_PUBLISHED": "0.0.0.0:80",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compose")


@pytest.fixture(scope="module")
def factory_services(folder: Path) -> dict[str, Any]:
    return services(folder, written(folder, FACTORY))


@pytest.fixture(scope="module")
def chosen(folder: Path) -> dict[str, Any]:
    return services(folder, written(folder, CHOSEN))


@pytest.fixture(scope="module")
def trial_services(folder: Path) -> dict[str, Any]:
    return services(folder, TRIAL)


# Compose


def test_a_factory_gets_the_warehouse_the_platform_and_the_pages_and_a_trial_servers_of_its_own(
    factory_services: dict[str, Any],
) -> None:
    assert {name for name, service in factory_services.items() if "profiles" not in service} == PRODUCTION
    trial = {name for name, service in factory_services.items() if service.get("profiles") == ["trial"]}
    assert trial == {"mysql", "sample", "ftp"}


def test_what_a_factory_has_not_said_is_asked_for(folder: Path) -> None:
    missing = dict(list(FACTORY.items())[:-1])
    done = compose(folder, "config", env_file=written(folder, missing))
    assert done.returncode != 0
    assert "set it in .env" in done.stderr
    for name in FACTORY:
        assert f"${{{name}:?set it in .env}}" in COMPOSE_FILE


def test_every_service_tells_its_health_restarts_and_keeps_to_its_limits(factory_services: dict[str, Any]) -> None:
    for name, service in factory_services.items():
        assert ("healthcheck" in service, service["restart"]) == ((False, "no") if name in ONCE else (True, "unless-stopped")), name
        assert service["mem_limit"], name
        assert service["cpus"], name
        assert service["pids_limit"], name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name


def test_every_service_has_the_rights_that_it_needs_and_no_more(factory_services: dict[str, Any]) -> None:
    for name, service in factory_services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert {name for name, service in factory_services.items() if service.get("cap_add")} == {"ftp"}
    assert {name for name, service in factory_services.items() if not service.get("read_only")} == {"mysql", "ftp"}
    # The others' accounts are their images': see `make image-check`.
    assert {name: service["user"] for name, service in factory_services.items() if "user" in service} == {
        "postgres": "postgres", "mysql": "mysql", "sample": "root",
    }  # fmt: skip
    assert {*factory_services["web"]["networks"]}.isdisjoint(factory_services["elt"].get("networks") or {"default"})
    assert ("target", "/srv/published", True) in factory_services["web"]["volumes"]


def test_ports_are_open_to_this_machine_only_until_env_says_otherwise(
    factory_services: dict[str, Any], chosen: dict[str, Any]
) -> None:
    ports = {name: service["ports"] for name, service in factory_services.items() if service["ports"]}
    assert {address for published in ports.values() for address, *_ in published} == {"127.0.0.1"}
    assert ports["postgres"] == [("127.0.0.1", 25432, 5432)]
    assert ports["web"] == [("127.0.0.1", 28080, 8080)]
    assert chosen["postgres"]["ports"] == [("10.0.0.5", 5432, 5432)]
    assert chosen["web"]["ports"] == [("0.0.0.0", 80, 8080)]


def test_who_needs_another_waits_for_it_to_work_or_to_have_ended_well(factory_services: dict[str, Any]) -> None:
    needed = [(name, *need) for name, service in factory_services.items() for need in service.get("depends_on", {}).items()]
    for name, other, how in needed:
        assert how["condition"] == ("service_completed_successfully" if other in ONCE else "service_healthy"), (name, other)
    # `up --wait` takes the end of such a service for a failure, unless another service depends on it.
    assert {other for _, other, _ in needed} >= ONCE
    assert {other for name, other, _ in needed if name in PRODUCTION} <= PRODUCTION


def test_no_password_is_in_what_docker_tells_of_a_service(chosen: dict[str, Any]) -> None:
    # Who writes an address into .env itself wants it to be obeyed; in a file, Docker does not tell it.
    addresses = {name: CHOSEN[name] for name in ("ALERT_WEBHOOK_URL", "HEARTBEAT_URL")}
    assert {name: chosen["elt"]["environment"].pop(name) for name in addresses} == addresses
    assert "s3cr3t" not in str(chosen)
    for service in chosen.values():
        assert not {*SECRETS} & {*service.get("environment", {})}
    chosen["elt"]["environment"] |= addresses


def test_a_secret_is_the_file_that_env_names_or_one_beside_it(folder: Path) -> None:
    def files(variables: dict[str, str]) -> dict[str, str]:
        config = yaml.safe_load(compose(folder, "config", env_file=written(folder, variables)).stdout)
        return {name: secret["file"] for name, secret in config["secrets"].items()}

    assert files(CHOSEN) == {name: f"/somewhere/{name}" for name in MOUNTED}
    usual = {name: str(ROOT / "secrets" / name) for name in MOUNTED}
    assert files(FACTORY) == {**usual, **dict.fromkeys(OPTIONAL, "/dev/null")}


def test_a_service_that_reads_a_secret_is_given_its_file(factory_services: dict[str, Any]) -> None:
    for name, service in factory_services.items():
        told = {value for variable, value in service.get("environment", {}).items() if variable.endswith("_FILE")} - {None}
        assert told == {f"/run/secrets/{secret}" for secret in service["secrets"]}, name


def test_what_env_says_reaches_the_platform_and_what_it_does_not_say_is_not_set(
    factory_services: dict[str, Any], chosen: dict[str, Any]
) -> None:
    names = ("SCHEDULE_LOGS", "SCHEDULE_ERP", "FTP_TLS", "BACKUP_DIR", "VARS_FILE", "ALERT_WEBHOOK_URL")
    assert {name: chosen["elt"]["environment"][name] for name in names} == {name: CHOSEN[name] for name in names}
    assert {factory_services["elt"]["environment"][name] for name in (*names, "FTP_PORT")} == {None}


def test_compose_warns_of_nothing(folder: Path) -> None:
    for profile in ([], ["--profile", "trial"]):
        for env_file in (written(folder, FACTORY), written(folder, CHOSEN), TRIAL):
            done = compose(folder, *profile, "config", "--quiet", env_file=env_file)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_platform_writes_to_its_volumes_and_what_the_factory_declares_is_mounted(factory_services: dict[str, Any]) -> None:
    mounts = {target: (Path(source).name, read_only) for source, target, read_only in factory_services["elt"]["volumes"]}
    assert {target for target, (_, read_only) in mounts.items() if not read_only} == {
        f"/app/{name}" for name in ("backups", "logs", "spool", "target")
    }
    assert {target: name for target, (name, read_only) in mounts.items() if read_only} == {
        "/app/certificates": "certificates", "/app/seeds": "seeds",
    }  # fmt: skip


def test_the_trials_platform_finds_the_trials_servers(trial_services: dict[str, Any]) -> None:
    elt = trial_services["elt"]["environment"]
    assert {elt[name] for name in ("FTP_HOST", "MYSQL_HOST", "POSTGRES_HOST")} <= {*trial_services}
    assert parse(TRIAL.read_text())["COMPOSE_PROFILES"] == "trial"
    assert parse(TRIAL.read_text())["COMPOSE_PROJECT_NAME"]  # so that its volumes are not a factory's
    assert trial_services["ftp"]["environment"]["FTP_USER"] == elt["FTP_USER"]
    mysql = trial_services["mysql"]["environment"]
    assert (mysql["MYSQL_USER"], mysql["MYSQL_DATABASE"]) == (elt["MYSQL_USER"], elt["MYSQL_DB"])


def test_the_example_of_env_explains_every_variable_that_compose_reads() -> None:
    read = {*re.findall(r"\$\{([A-Z_]+)", COMPOSE_FILE), *re.findall(r"^ +([A-Z_]+):$", COMPOSE_FILE, re.MULTILINE)}
    shown = {*re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)}
    assert read >= {*FACTORY}
    assert read - shown == set()
    # What the platform reads reaches it; the log and the pages are in volumes, and the warehouse is a service.
    others = ("POSTGRES_", "DBT_", "REPORT_", "ALERTS_", "BACKUP_POSTGRES_")
    fixed = {"LOG_DIR", "METRICS_FILE", "SITES_FILE", *SECRETS, *(name for name in shown if name.startswith(others))}
    assert shown - read - fixed == set()


# The image


def test_nothing_enters_the_image_but_what_running_needs(tmp_path: Path) -> None:
    enters = [
        "Makefile",
        "common/raw.sql",
        "dbt_project/models/a.sql",
        "demo/sample.py",
        "demo/seeds/postes.csv",
        "loaders/a.py",
        "operation/a.py",
        "publication/page/a.css",
    ]
    stays = [".env", ".git/config", ".stack/stack.json", ".venv/bin/python", "demo/stack/postgres.py", "docker/trial/password"]
    stays += ["loaders/__pycache__/a.pyc", "logs/loaders.log", "profiles.yml", "secrets/FTP_PASS", "target/a.json", "tests/a.py"]
    for name in (*enters, *stays):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    shutil.copy(ROOT / ".dockerignore", tmp_path)
    assert [str(path) for path in entering(tmp_path)] == enters


def test_the_images_lock_is_the_lock_without_what_only_tests_and_demo_need() -> None:
    run = (ROOT / "requirements-run.lock").read_text()
    assert re.findall(ADDRESSES, run, re.MULTILINE) == []
    pins = {(name, version): hashes.split() for name, version, hashes in re.findall(PIN, run, re.MULTILINE)}
    assert all(pins.values())
    assert pins.items() <= {(name, version): hashes.split() for name, version, hashes in PINS}.items()
    names = {str(canonicalize_name(name)) for name, _ in pins}
    assert not names & {"pytest", "mypy", "ruff", "selenium", "sqlfluff"}
    # All that is needed is in it.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {str(canonicalize_name(wanted.name)): {*wanted.extras} for wanted in map(Requirement, project["dependencies"])}
    needed = {*extras}
    reached: set[str] = set()
    while needed - reached:
        name = (needed - reached).pop()
        reached.add(name)
        for wanted in map(Requirement, metadata.requires(name) or ()):
            chosen = [{"extra": extra} for extra in ("", *extras[name])]
            if wanted.marker is None or any(map(wanted.marker.evaluate, chosen)):
                other = str(canonicalize_name(wanted.name))
                needed.add(other)
                extras.setdefault(other, set()).update(wanted.extras)
    assert reached - names == set()


# The web server


@pytest.fixture(scope="module")
def nginx(folder: Path) -> Path:
    return unpack("nginx", "usr/sbin/nginx", folder / "nginx", folder / "apt.log")


@contextmanager
def pages(nginx: Path, folder: Path, published: str, passwords: bytes | None) -> Iterator[Callable[..., int] | str]:
    """Start the web server as its image does, with other folders; give what asks it for a page, or what it said if it ended."""
    port, file = free_port(), folder / "passwords"
    replaced = {"/tmp/": f"{folder}/", "/srv/": f"{ROOT}/docker/web/", "listen 8080": f"listen {HOST}:{port}"}
    for name in ("start", "nginx.conf"):
        text = (ROOT / "docker" / "web" / name).read_text()
        for old, new in replaced.items():
            text = text.replace(old, new)
        (folder / name).write_text(text)
    if passwords is not None:
        file.write_bytes(passwords)
    # Who runs the tests reads the folder.
    (folder / "nginx").write_text(f"#!/bin/sh\nexec {nginx} -c {folder}/nginx.conf -g 'user root;' \"$@\"\n")
    (folder / "nginx").chmod(0o755)
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "WEB_PUBLISHED": published, "WEB_PASSWORDS_FILE": str(file)}

    def status(account: str | None = None) -> int:
        with closing(http.client.HTTPConnection(HOST, port, timeout=10)) as server:
            headers = {"Authorization": "Basic " + b64encode(account.encode()).decode()} if account else {}
            server.request("GET", "/", headers=headers)
            return server.getresponse().status

    command = ["sh", str(folder / "start")]
    with (folder / "said").open("w") as said, subprocess.Popen(command, env=environ, stdout=said, stderr=said) as server:
        while server.poll() is None:
            with suppress(OSError):
                status()
                break
            time.sleep(0.05)
        try:
            yield status if server.poll() is None else (folder / "said").read_text()
        finally:
            server.terminate()


@pytest.mark.parametrize("published", ["127.0.0.1:28080", "127.8.9.10:80", "localhost:80", "[::1]:80"])
def test_pages_that_only_this_machine_reaches_ask_for_nothing(nginx: Path, tmp_path: Path, published: str) -> None:
    with pages(nginx, tmp_path, published, b"\n  \n# marie:$6$a$b\n") as answer:
        assert callable(answer), answer
        assert answer() == 200


@pytest.mark.parametrize(
    "published",
    [
        *("0.0.0.0:80", "10.127.0.1:80", "127.evil.com:80", "127.0.0.1.evil.com:80", "localhost.evil.com:80", "[::]:80"),
        *("127.0.0.1:80\n0.0.0.0:80", "28080", ""),
    ],
)
@pytest.mark.parametrize("passwords", [b"", b" \n\t\n# marie:$6$a$b\n"])
def test_pages_that_others_reach_are_not_shown_without_a_password(
    nginx: Path, tmp_path: Path, published: str, passwords: bytes
) -> None:
    with pages(nginx, tmp_path, published, passwords) as answer:
        assert answer == f"WEB_PUBLISHED is {published}, which others reach: put names and passwords into WEB_PASSWORDS_FILE\n"


@pytest.mark.parametrize("published", ["0.0.0.0:80", "127.0.0.1:80"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_names_and_passwords_are_asked_for_wherever_there_are_some(nginx: Path, tmp_path: Path, published: str, end: bytes) -> None:
    hashed = subprocess.check_output(["openssl", "passwd", "-6", "choux"]).strip()
    with pages(nginx, tmp_path, published, b"# Who may\n\nmarie:" + hashed + end) as answer:
        assert callable(answer), answer
        assert [answer(), answer("marie:other"), answer("marie:choux")] == [401, 401, 200]


@pytest.mark.parametrize("line", [b"marie", b"marie:choux", b":$6$a$b", b"marie:", b" # a comment?", b"marie:$6$a$b\0 or not"])
def test_a_line_that_is_no_name_and_hash_is_told_by_its_number(nginx: Path, tmp_path: Path, line: bytes) -> None:
    with pages(nginx, tmp_path, "127.0.0.1:80", b"anne:$6$a$b\n" + line + b"\n") as answer:
        told = "WEB_PASSWORDS_FILE, line 2: write a name, a colon and the hash of a password (openssl passwd -6)\n"
        assert answer == told


def test_passwords_that_cannot_be_read_are_not_taken_for_none(nginx: Path, tmp_path: Path) -> None:
    with pages(nginx, tmp_path, "127.0.0.1:80", None) as answer:
        assert isinstance(answer, str)
        assert answer.endswith(f"WEB_PASSWORDS_FILE is {tmp_path}/passwords: set it to a file that the web server can read\n")


# systemd


@pytest.fixture(scope="module")
def systemd(folder: Path) -> None:
    install_packages("systemd", {"systemd-analyze": "systemd"}, folder / "apt.log", print)


def analyze(*words: str, units: Path = UNITS) -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{units}:", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(["systemd-analyze", *words], env=environ, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("systemd")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    def complaints(units: Path) -> str:
        services = [str(units / f"{unit}@{job}.service") for job, *_ in TIMES for unit in ("usine", "usine-failed")]
        return analyze("verify", *map(str, sorted(units.glob("*.timer"))), *services, units=units).stderr

    assert len([*UNITS.glob("*.timer")]) == len(TIMES)
    assert complaints(UNITS) == ""
    wrong = shutil.copytree(UNITS, tmp_path / "units") / "usine@.service"
    wrong.write_text(wrong.read_text().replace("ProtectSystem", "ProtectSytem"))
    assert "ProtectSytem" in complaints(wrong.parent)


@pytest.mark.usefixtures("systemd")
@pytest.mark.parametrize("unit", ["usine@.service", "usine-failed@.service"])
def test_a_service_is_well_locked_up(unit: str) -> None:
    assert analyze("security", "--offline=true", "--threshold=20", str(UNITS / unit)).returncode == 0
    assert analyze("security", "--offline=true", "--threshold=5", str(UNITS / unit)).returncode != 0


def test_a_job_that_fails_is_told_by_a_service_that_does_not_start_itself_again() -> None:
    job, failed = ((UNITS / name).read_text() for name in ("usine@.service", "usine-failed@.service"))
    assert re.findall("^OnFailure=(.*)$", job, re.MULTILINE) == ["usine-failed@%i.service"]
    assert "OnFailure" not in failed
    assert re.findall("^ExecStart=(.*)$", failed, re.MULTILINE) == [
        '/usr/bin/echo "job %i has failed: journalctl -u usine@%i"',
        "/usr/bin/make --silent notify JOB=%i FAILED=yes",
    ]  # fmt: skip
    # The same protection, but that it writes no backups.
    assert job[job.index("\nNoNewPrivileges") :].replace(" -/opt/usine/backups", "") == failed[failed.index("\nNoNewPrivileges") :]


def test_a_failed_job_is_named_and_called_failed(tmp_path: Path) -> None:
    (command,) = re.findall("^ExecStart=/usr/bin/(make .*)$", (UNITS / "usine-failed@.service").read_text(), re.MULTILINE)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "common").mkdir()
    # In the place of what reads .env and the secrets: it says what it was given.
    told = "import sys; print(*sys.argv[-2:])"
    (tmp_path / "common" / "dotenv.py").write_text(told)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(ROOT / ".venv" / "bin")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    (tmp_path / ".venv" / ".ready").touch()
    words = command.replace("%i", "backup").split()
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("backup --failed\n", "")


def test_systemd_ends_no_job_because_the_job_itself_ends_what_hangs() -> None:
    assert re.findall("^(?:TimeoutStartSec|RuntimeMaxSec)=(.*)$", (UNITS / "usine@.service").read_text(), re.MULTILINE) == [
        "infinity"
    ]


@pytest.mark.usefixtures("systemd")
@pytest.mark.parametrize(("job", "default"), [(job, default) for job, _, default in TIMES])
@pytest.mark.parametrize("begin", ["2025-06-11 12:34:56", "2025-03-29 22:00:01", "2025-10-25 22:00:01"])
def test_a_timer_comes_due_when_the_schedule_would(job: str, default: str, begin: str) -> None:
    timer = (UNITS / f"usine-{job}.timer").read_text()
    assert f"Unit=usine@{job}.service" in timer
    start = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    end = start + timedelta(days=2)
    due = set()
    for expression in re.findall("^OnCalendar=(.*)$", timer, re.MULTILINE):
        done = analyze("calendar", "--iterations=200", f"--base-time={begin} UTC", expression)
        assert done.returncode == 0, done.stderr
        shown = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ (\S+ \S+) UTC$", done.stdout, re.MULTILINE)
        due |= {datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in shown}
    times = Times.read(default, ZoneInfo("Europe/Paris"))
    fires = [times.after(start)]
    while fires[-1] < end:
        fires.append(times.after(fires[-1]))
    assert sorted(moment for moment in due if moment < end) == [*takewhile(lambda moment: moment < end, fires)]


# Prometheus


def test_the_rules_ask_for_metrics_that_are_written() -> None:
    (group,) = yaml.safe_load((ROOT / "deploy" / "prometheus" / "usine.rules.yml").read_text())["groups"]
    asked = {name for rule in group["rules"] for name in re.findall(r"usine_\w+", rule["expr"])}
    written = "".join((ROOT / "publication" / name).read_text() for name in ("metrics.py", "queries/metriques.sql"))
    of_jobs = {f"usine_job_{name}" for name in re.findall(r'\("(\w+)", "[^"]+", outcome', written)}
    assert "usine_up" in asked
    assert asked - of_jobs - {*re.findall(r"['\"](usine_\w+)['\"]", written)} == set()
