"""The sample data, which must always be the same and include damage; and the whole demo."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras
import pytest

from demo import factory
from demo.factory import VARIABLES, write_logs
from demo.stack import Stack
from tests import reference

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "demo" / "seeds"
Files = dict[tuple[str, str], bytes]


def files_in(ftp_root: Path) -> Files:
    return {(path.parent.name, path.name): path.read_bytes() for path in ftp_root.glob("*/*")}


@pytest.fixture(scope="module")
def ftp_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ftp")
    write_logs(root)
    return root


@pytest.fixture(scope="module")
def files(ftp_root: Path) -> Files:
    return files_in(ftp_root)


@pytest.fixture(scope="module")
def centres() -> list[dict[str, Any]]:
    with (ROOT / "dbt_project" / "seeds" / "centres.csv").open(encoding="utf-8", newline="") as seed:
        return [{**row, "actif": row["actif"] == "true"} for row in csv.DictReader(seed)]


@pytest.fixture(scope="module")
def production(files: Files, centres: list[dict[str, Any]]) -> dict[str, list[reference.Row]]:
    return reference.production_marts(files, centres, "00:00", VARIABLES["numero_commande_motif"])


# Logs


def test_the_sample_is_the_same_in_every_process_and_written_again_it_changes_nothing(ftp_root: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime for path in ftp_root.glob("*/*")}
    script = "import sys; from pathlib import Path; from demo.factory import write_logs; write_logs(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"})
    write_logs(ftp_root)
    assert files_in(tmp_path) == files_in(ftp_root)
    assert {path: path.stat().st_mtime for path in ftp_root.glob("*/*")} == before
    assert {path.relative_to(tmp_path): path.stat().st_mtime for path in tmp_path.glob("*/*")} == {
        path.relative_to(ftp_root): time for path, time in before.items()
    }


def test_only_the_samples_own_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "DEM12 (PVC)").mkdir()
    (tmp_path / "DEM12 (PVC)" / "20240101.LOG").write_text("somebody's")
    write_logs(tmp_path)
    assert (tmp_path / "DEM12 (PVC)" / "20240101.LOG").read_text() == "somebody's"


def test_the_server_may_read_the_files_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        write_logs(tmp_path)
    finally:
        os.umask(umask)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*/*")} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*")} == {0o755}


def test_names_are_those_of_production_days_but_for_two_that_must_be_ignored(files: Files) -> None:
    ignored = {name for name in files if not re.fullmatch(r"\d{8}\.(LOG|log)", name[1])}
    assert ignored == {("DEM12 (PVC)", "NOTES.TXT"), ("DEMALU (ALU)", "20250520.LOG.BAK")}
    assert {Path(name).suffix for _, name in files.keys() - ignored} == {".LOG", ".log"}
    assert 80 <= len(files) <= 120


def test_every_motif_and_every_statut_is_there(production: dict[str, list[reference.Row]]) -> None:
    motifs = Counter(row["motif"] for row in production["lignes_rejetees"])
    assert motifs.keys() == {"format", "horodatage", "duree", "profil"}
    assert min(motifs.values()) >= 5
    statuts = Counter(row["statut"] for row in production["suivi_chargement"])
    assert statuts.keys() == {"ok", "rejets", "vide", "dossier inconnu"}
    assert statuts["ok"] > statuts["rejets"] > statuts["dossier inconnu"] > 0


def test_the_machines_write_in_three_encodings(files: Files) -> None:
    days = {folder: files[folder, name] for folder, name in [("DEM12 (PVC)", "20250505.LOG"), ("DEMALU (ALU)", "20250505.LOG")]}
    days["SU12 (HYBRIDE)"] = files["SU12 (HYBRIDE)", "20250505.log"]
    assert "Œil-de-bœuf".encode("cp1252") in days["DEM12 (PVC)"]
    assert b"\r\n" in days["DEM12 (PVC)"]
    assert days["DEMALU (ALU)"].startswith(b"\xef\xbb\xbf")
    assert "côté crémone".encode() in days["SU12 (HYBRIDE)"]
    assert b"\r" not in days["SU12 (HYBRIDE)"]


def test_damaged_and_unusual_files_are_there(files: Files, production: dict[str, list[reference.Row]]) -> None:
    assert any(b"\0" in content for content in files.values())
    assert b"" in files.values()
    cut = files["DEM12 (PVC)", "20250613.LOG"]
    assert not cut.endswith(b"\n")
    assert b"|" not in cut.rpartition(b"\n")[2]
    night = files["DEMALU (ALU)", "20250605.LOG"]
    assert b"\n20250606 02:" in night
    sessions = production["session_production"]
    assert any(", " in str(row["fichier_log_source"]) for row in sessions)
    assert any(row["total_pieces"] == 0 for row in sessions)
    events = Counter(re.findall(rb"\|@(\w+)", b"".join(files.values())))
    assert events.keys() >= {
        b"StukUitgevoerd",
        b"MachineWait",
        b"MachineStop",
        b"MachineStart",
        b"JobProfiel",
        b"Alarm",
        b"ToolChange",
    }


def test_the_figures_are_those_of_a_factory(production: dict[str, list[reference.Row]]) -> None:
    full_days = [row for row in production["session_production"] if float(str(row["duree_production_totale"] or 0)) > 12]
    assert len(full_days) > 70
    assert all(300 <= int(str(row["total_pieces"])) <= 700 for row in full_days)
    occupations = sorted(float(str(row["taux_occupation_net"])) for row in full_days)
    assert occupations[len(occupations) // 20] >= 60
    assert occupations[-1] <= 90


def test_the_declared_working_time_is_that_of_the_sample(centres: list[dict[str, Any]]) -> None:
    declared = {path.stem: [*csv.DictReader(path.read_text(encoding="utf-8").splitlines())] for path in SEEDS.glob("*.csv")}
    assert (SEEDS / "centres.csv").read_bytes() == (ROOT / "dbt_project" / "seeds" / "centres.csv").read_bytes()
    names = {"", *(centre["nom"] for centre in centres)}
    assert all(row["centre"] in names for seed, rows in declared.items() if seed != "centres" for row in rows)
    assert {date.fromisoformat(row["du"]) for row in declared["jours_fermes"]} == factory._HOLIDAYS
    (night,) = (row for row in declared["postes"] if row["poste"] == "nuit")
    nights = {date.fromisoformat(night[name]) for name in ("valable_du", "valable_au")}
    assert {(f"{night['centre']} (ALU)", day) for day in nights} == factory._NIGHT_SHIFT
    assert night["jours"] == "-".join(sorted(str(day.isoweekday()) for day in nights))


# The whole demo

NOT_THE_CALLERS = {
    "FTP_HOST": "ftp.invalid",
    "MYSQL_HOST": "mysql.invalid",
    "POSTGRES_HOST": "postgres.invalid",
    "PGOPTIONS": "-c no_such_setting=1",
    "DBT_PROFILES_DIR": "/no/such/folder",
}


def demo(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "demo", "--home", str(home), *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **NOT_THE_CALLERS}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("demo") / "the demo's home"
    yield home
    Stack(home).destroy()


@pytest.fixture(scope="module")
def first_run(home: Path) -> str:
    done = demo(home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def erp(home: Path, first_run: str) -> dict[str, list[dict[str, Any]]]:
    """The ERP's tables as they are in raw."""
    tables = {}
    connection = psycopg2.connect(**Stack(home).warehouse_admin, cursor_factory=psycopg2.extras.RealDictCursor)
    with closing(connection), connection.cursor() as cursor:
        for table in ("a_kopf", "a_logbuch", "p_zubeh", "a_vorgang"):
            cursor.execute(f"select * from raw.{table}")
            tables[table] = [dict(row) for row in cursor.fetchall()]
    return tables


def summary(said: str) -> str:
    return said.partition("\nProduction")[2].partition("\nDone in")[0]


def summary_rows(said: str, title: str) -> list[list[str]]:
    """The rows of one of the summary's tables, without its header."""
    lines = re.split(rf"^{title}.*\n", said, maxsplit=1, flags=re.MULTILINE)[1].partition("\n\n")[0].splitlines()
    return [re.split(r" {2,}", line.strip().replace(",", "")) for line in lines[1:]]


def test_the_summary_says_what_the_reference_makes_of_the_sample(
    first_run: str, production: dict[str, list[reference.Row]], centres: list[dict[str, Any]]
) -> None:
    expected = []
    for centre in centres:
        rows: dict[str, list[Any]] = {
            table: [row for row in production[table] if row["dossier"] == centre["dossier"]]
            for table in ("session_production", "periode_attente", "periode_arret")
        }
        sessions = rows["session_production"]
        pieces = sum(row["total_pieces"] for row in sessions)
        with_pieces = [row for row in sessions if row["total_pieces"]]
        net, wait, stop = (sum(row[f"temps_{kind}_net"] for row in with_pieces) for kind in ("production", "attente", "arret"))
        duration = sum(row["duree_production_totale"] for row in with_pieces)
        numbers = (len(sessions), pieces, f"{pieces / len(with_pieces):.0f}", f"{net:.1f}", f"{100 * net / duration:.1f}")
        periods = (len(rows["periode_attente"]), f"{wait:.1f}", len(rows["periode_arret"]), f"{stop:.1f}")
        expected.append([str(cell) for cell in (centre["nom"], centre["type_cu"], *numbers, *periods)])
    assert summary_rows(first_run, "Production") == expected
    statuts = Counter(str(row["statut"]) for row in production["suivi_chargement"])
    assert [(row[0], int(row[1])) for row in summary_rows(first_run, "Log files")] == sorted(statuts.items())
    motifs = Counter(str(row["motif"]) for row in production["lignes_rejetees"])
    assert [(row[0], int(row[1])) for row in summary_rows(first_run, "Rejected lines")] == sorted(motifs.items())


def test_the_summary_counts_the_orders_that_the_reference_finds(
    first_run: str,
    erp: dict[str, list[dict[str, Any]]],
    production: dict[str, list[reference.Row]],
    centres: list[dict[str, Any]],
) -> None:
    marts = reference.order_marts(erp)
    suffixes = ("", "_accessoires", "_operations", "_planifications")
    expected = [len(erp["a_kopf"]), *(len(marts[f"commandes_volets{suffix}"]) for suffix in suffixes)]
    orders = marts["commandes_volets"]
    expected.append(sum(order["semaine_prevue"] is not None for order in orders))
    progress = reference.progress_rows(orders, production["piece_production"], centres)
    expected.append(len({row["id_commande"] for row in progress if row["pieces"]}))
    expected.append(len(marts["commandes_volets_a_planifier"]))
    assert summary_rows(first_run, "Shutter orders") == [[str(number) for number in expected]]
    assert 40 <= expected[1] <= expected[0] - 15
    assert 5 <= expected[5] < expected[1] - 5
    assert expected[6] > 20
    assert 5 <= expected[7] <= 15


def test_the_report_the_dictionary_and_the_docs_are_where_it_says(home: Path, first_run: str) -> None:
    said = first_run.partition("To look at in a browser, in French:")[2].partition("\n\n")[0]
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    titles = ("Rapport de production", "Dictionnaire des marts", "dbt Docs")
    for about, path, link, title in zip(lines[::3], lines[1::3], lines[2::3], titles, strict=True):
        assert about.startswith("# The ")
        assert link == Path(path).as_uri()
        assert Path(path).is_relative_to(home)
        assert f"<title>{title}</title>" in Path(path).read_text()


def test_a_build_by_make_has_the_samples_variables(home: Path, first_run: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "VARS"}
    command = [sys.executable, "-m", "demo", "--home", str(home), "run", "make", "--dry-run", "--eval", "$(info $(VARS))", "build"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert json.dumps(VARIABLES) in done.stdout.splitlines()


def test_the_sample_of_the_erp_is_a_legacy_database(erp: dict[str, list[dict[str, Any]]]) -> None:
    orders = {row["id"] for row in erp["a_kopf"]}
    notes = {row["notiz"] for row in erp["a_logbuch"]}
    assert 60 <= len(orders) <= 80
    assert {"cde Planifiée", "cde PlanifiÃ©e", "CDE PLANIFIEE", "Réglé : cde PlanifiÃ©e"} <= notes
    assert any("Ã©" in row["kommission"] for row in erp["a_kopf"])
    assert any("É" in row["kommission"] for row in erp["a_kopf"])
    assert any(row["datum"].startswith("0000") for row in erp["a_logbuch"])
    assert any(row["liefertermin"].startswith("0000") for row in erp["a_kopf"])
    for table in ("a_logbuch", "p_zubeh", "a_vorgang"):
        assert {row["id_a_kopf"] for row in erp[table]} - orders, f"{table} has no orphans"
        repeated = Counter(tuple(value for name, value in row.items() if name != "id") for row in erp[table])
        assert repeated.most_common(1)[0][1] > 1, f"{table} has no duplicates"
    assert orders - {row["id_a_kopf"] for row in erp["a_vorgang"]}


def test_the_printed_query_works_as_it_is_printed(first_run: str) -> None:
    (command,) = (line for line in first_run.splitlines() if " query " in line)
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env={**os.environ, **NOT_THE_CALLERS}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "(5 rows)" in done.stdout


def test_a_query_has_the_rights_of_an_analyst(home: Path, first_run: str) -> None:
    query = "select count(*) from raw.load_runs"
    assert "permission denied for schema raw" in demo(home, "query", query).stderr
    assert "(1 row)" in demo(home, "query", f"set role none; {query}").stdout


def test_a_command_runs_on_the_stack_and_its_exit_code_is_handed_on(home: Path, first_run: str) -> None:
    environment = Stack(home).environment()
    script = 'printf %s "$POSTGRES_PORT $POSTGRES_PASSWORD $FTP_HOST"; exit 3'
    done = demo(home, "run", "sh", "-c", script)
    assert done.returncode == 3
    assert done.stdout == f"{environment['POSTGRES_PORT']} {environment['POSTGRES_PASSWORD']} {environment['FTP_HOST']}"


def test_the_commands_of_another_home_name_it(home: Path, first_run: str) -> None:
    commands = [line.strip() for line in first_run.partition("Next, from this folder:")[2].splitlines() if line.strip()]
    assert all(str(home) in shlex.split(line) for line in commands if not line.startswith("#"))


def test_a_second_run_loads_nothing_and_comes_to_the_same(home: Path, first_run: str, erp: dict[str, list[dict[str, Any]]]) -> None:
    done = demo(home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary(done.stdout) == summary(first_run) != ""
    assert re.search(r"logs: (\d+) found, 0 loaded, \1 unchanged, 0 failed, 0 rows written", done.stdout)
    assert "erp: 4 found, 0 loaded, 4 unchanged, 0 failed, 0 rows written" in done.stdout


def test_a_failure_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    (tmp_path / "empty").mkdir()
    attempts = [demo(tmp_path), demo(tmp_path / "empty", "query", "select 1"), demo(tmp_path / "empty", "run", "make", "load")]
    for done in attempts:
        assert done.returncode == 1
        assert re.fullmatch(r"demo: .+\n", done.stderr)
