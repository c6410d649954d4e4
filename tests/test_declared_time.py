"""Working time is declared in four files: what is wrong there is named line by line, and everything else is built."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import operation.inputs
from common.errors import LoadError
from common.settings import PostgresSettings
from operation.doctor import examine
from operation.inputs import read_inputs
from tests.factory import ROOT, Factory

HEADERS = {path.stem: path.read_text() for path in Path(ROOT, "dbt_project/seeds").glob("*.csv") if path.stem != "centres"}
LOGS = {("DEM12 (PVC)", "20250528.LOG"): b"20250528 08:00:00|@StukUitgevoerd: a\n"}
RIGHT = {
    "postes": ",1-5,Matin,5:00,13:00,,\nDEM12,,Nuit,21:00,05:00,2025-09-01,\n",
    "pauses": ",Matin,,9:00,9:20,,\n,Nuit,,1:00,1:20,,\n",
    "jours_fermes": ",2025-05-29,,Ascension\n",
    "cadences": 'DEM12,"42,5",,\n',
}
WRONG = {
    "postes": RIGHT["postes"] + "DEM13,1-5,Matin,5:00,13:00,,\n\n,1,Aube,04:30,5:30,,\n",
    "pauses": RIGHT["pauses"] + ",Soir,,15:00,15:20,,\n",
    "jours_fermes": ",29/05/2025,,Ascension\n",
    "cadences": "DEM12,quarante,,\n",
}
NAMED = [
    "cadences.csv, ligne 2 : pieces_par_heure « quarante » illisible : écrire un nombre de 0.0001 à 999999, comme 42.5",
    "jours_fermes.csv, ligne 2 : date « 29/05/2025 » illisible : écrire une date comme 2025-09-01",
    "pauses.csv, ligne 4 : ne tient dans aucun poste de postes.csv : changer le poste, les jours, les heures ou les dates",
    "postes.csv, ligne 4 : centre « DEM13 » inconnu : écrire un nom de centres.csv, ou rien pour tous les centres",
    "postes.csv, ligne 6 : recouvre le poste de la ligne 2 : changer les jours, les heures ou les dates",
]


def declare(factory: Factory, **rows: str) -> Path:
    """Have the files hold these rows under their headers, and the others none; return their folder."""
    folder = (factory.project if factory.project != ROOT else factory.own_project()) / "dbt_project/seeds"
    for name, header in HEADERS.items():
        (folder / f"{name}.csv").write_text(header + rows.get(name, ""))
    return folder


def build(factory: Factory, *words: str, expect: int = 0) -> str:
    """Run dbt as `make build` does; return what it printed."""
    command = [sys.executable, "-m", "operation.locked", sys.executable, "-m", "operation.dbt", "build", *words]
    folders = {"DBT_PROJECT_DIR": str(factory.project), "DBT_PROFILES_DIR": str(factory.profiles())}
    paths = {"DBT_TARGET_PATH": str(factory.target), "DBT_LOG_PATH": str(factory.scratch / "logs")}
    environ = {**os.environ, **factory.environment, **folders, **paths}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def refusal(factory: Factory) -> str:
    """Run `dbt seed`, of which one file must be refused; return why."""
    results: Any = factory.dbt("seed", expect=False).result
    (said,) = [result.message for result in results if result.status == "error"]
    return str(said)


def test_wrong_lines_are_named_wherever_one_looks_and_all_else_is_built(
    factory: Factory, capsys: pytest.CaptureFixture[str]
) -> None:
    factory.put_logs(LOGS)
    factory.load()
    last = "select resultat, erreur from marts.suivi_execution where type = 'construction' order by debut desc limit 1"
    declare(factory, **WRONG)
    said = build(factory, expect=1)
    assert [line.strip() for line in said.splitlines() if ".csv, ligne" in line] == NAMED
    assert "horaires_lisibles, 5 row(s)" in said
    assert "skipped" not in said
    assert factory.ask("select pieces from marts.production_hebdomadaire") == [(1,)]
    assert factory.ask(last) == [("partiel", "\n".join(NAMED))]
    examine(factory.environment)
    assert f"last build           {'; '.join(NAMED)}. Remedy: mend what is named, then make build" in capsys.readouterr().out

    marts = factory.snapshot()
    declare(factory, **RIGHT)
    assert ".csv" not in build(factory)
    assert factory.ask(last) == [("ok", None)]
    assert factory.snapshot() == marts


def test_a_file_may_hold_its_header_only_at_first_and_again_later(factory: Factory) -> None:
    factory.put_logs(LOGS)
    factory.load()
    columns = {name: [(column, "text") for column in header.strip().split(",")] for name, header in HEADERS.items()}
    nothing: dict[str, str] = {}
    for rows in (nothing, nothing, RIGHT, nothing):
        declare(factory, **rows)
        factory.dbt("seed")
        for name in HEADERS:
            query = "select attname, atttypid::regtype::text from pg_attribute where attrelid = %s::regclass and attnum > 0"
            assert factory.ask(f"{query} order by attnum", (f"seeds.{name}",)) == columns[name]
            count = rows.get(name, "").count("\n")
            assert factory.ask(f"select count(*) from seeds.{name}") == [(count,)]
    factory.build()


def test_a_french_excels_files_are_read_with_their_semicolons(factory: Factory) -> None:
    factory.put_logs(LOGS)
    factory.load()
    folder = declare(factory)
    for name, header in HEADERS.items():
        rows = {"postes": "DEM12;1-5;Après-midi, tôt;5:00;13:00;;\n\n;;;;;;\nDEM13;;Nuit;21:00;5:00;;\n", "cadences": ";42,5;;\n"}
        text = header.replace(",", ";") + rows.get(name, "")
        (folder / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    said = build(factory, "--vars", '{"separateur_horaires": ";"}', expect=1)
    assert [line.split(" : ")[0].strip() for line in said.splitlines() if ".csv, ligne" in line] == ["postes.csv, ligne 5"]
    assert factory.ask("select poste from seeds.postes where centre = 'DEM12'") == [("Après-midi, tôt",)]
    assert factory.ask("select pieces_par_heure from seeds.cadences") == [("42,5",)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("name", "first", "shown"),
    [
        ("postes", "centre;jours;poste;debut;fin;valable_du;valable_au", "centre;jours;poste;debut;fin;valable_du;valable_au"),
        ("pauses", "centre,poste,jour,debut,fin,valable_du,valable_au", "centre,poste,jour,debut,fin,valable_du,valable_au"),
        ("jours_fermes", "centre,du,au", "centre,du,au"),
        ("cadences", "centre,pieces_par_heure,valable_du,valable_au,", "centre,pieces_par_heure,valable_du,valable_au,e"),
    ],
)
def test_a_file_with_other_columns_is_refused_in_one_line(factory: Factory, name: str, first: str, shown: str) -> None:
    factory.put_logs(LOGS)
    factory.load()
    (declare(factory) / f"{name}.csv").write_text(f"{first}\nDEM12\n")
    line = f"dbt_project/seeds/{name}.csv begins with the line «{shown}»: make it «{HEADERS[name].strip()}»,"
    assert f"{line} or set separateur_horaires in dbt_project.yml to what separates its columns\n" in refusal(factory)


def test_a_line_with_too_many_values_is_named_with_its_file(factory: Factory) -> None:
    factory.put_logs(LOGS)
    factory.load()
    declare(factory, cadences="DEM12,42,5,,\n")
    said = refusal(factory)
    assert "dbt_project/seeds/cadences.csv" in said
    assert "Row 0 has 5 values, but Table only has 4 columns" in said


def test_a_file_that_is_not_utf_8_is_named_before_dbt_fails_to_read_it(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    (declare(factory) / "postes.csv").write_bytes("centre,Après-midi\n".encode("cp1252"))
    monkeypatch.setattr(operation.inputs, "PROJECT", factory.project)
    settings = PostgresSettings.from_environ(factory.environment)
    with closing(factory.warehouse()) as session, pytest.raises(LoadError) as raised:
        read_inputs(session, settings, "")
    assert str(raised.value) == "dbt_project/seeds/postes.csv is not UTF-8: save it as «CSV UTF-8»"
