"""Troubles that are planted on real servers: each raises one alert within one run of the schedule, and nothing else raises any."""

import datetime as dt
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operation.doctor import examine
from tests.chat import Chat
from tests.factory import ROOT, Factory
from tests.test_schedule import job, project

DEM12, DEMALU, SU12 = "DEM12 (PVC)", "DEMALU (ALU)", "SU12 (HYBRIDE)"
POSTES = "centre,jours,poste,debut,fin,valable_du,valable_au\n,1-5,Matin,05:00,13:00,,\n,1-5,Soir,13:00,21:00,,\n"
PAUSES = "centre,poste,jours,debut,fin,valable_du,valable_au\n,Matin,,09:00,09:30,,\nSU12,Matin,,06:00,09:00,,\n"
MONDAY_NOON = "2025-06-16 12:00:00+02:00"


def pieces(day: int, first: str, last: str, but: tuple[str, str] = ("", "")) -> list[str]:
    """Return a piece every ten minutes of a day in June 2025 (the 13th is a Friday), but none in a stop."""
    midnight = dt.datetime(2025, 6, day)
    times = [f"{midnight + dt.timedelta(minutes=minutes):%H:%M}" for minutes in range(0, 1440, 10)]
    made = [f"{day:02} {time}:00|@StukUitgevoerd: x" for time in times if first <= time <= last and not but[0] <= time < but[1]]
    stop, start = but
    return sorted([*made, f"{day:02} {stop}:00|@MachineStop", f"{day:02} {start}:00|@MachineStart"] if stop else made)


def written(*days: list[str]) -> dict[str, bytes]:
    """Return the files of some days."""
    lines = [f"202506{line}" for day in days for line in day]
    return {
        f"{day}.LOG": "\n".join(line for line in lines if line.startswith(day)).encode() for day in {line[:8] for line in lines}
    }


LOGS = {
    # A stop of three hours in planned time.
    DEM12: written(pieces(11, "05:00", "20:50"), pieces(12, "05:00", "20:50", ("10:00", "13:00")), pieces(13, "05:00", "15:50")),
    # It has said nothing since Thursday.
    DEMALU: written(pieces(11, "05:00", "20:50"), pieces(12, "05:00", "08:00")),
    # A stop in its declared break, and one between two shifts.
    SU12: written(
        pieces(11, "05:00", "20:50"),
        pieces(12, "05:00", "20:50", ("06:00", "08:50")),
        pieces(13, "00:00", "15:40", ("00:10", "05:00")),
    ),
}
ERP: dict[str, list[dict[str, Any]]] = {
    "a_kopf": [{"id": "K1", "aunummer": 4711}],
    "a_logbuch": [{"id_a_kopf": "K1", "datum": "2025-06-10 08:00:00", "notiz": "cde Planifiée"}],
    "p_zubeh": [{"id_a_kopf": "K1", "zcode": "VR12", "text": "Volet"}, {"id_a_kopf": "nobody's", "zcode": "VR12", "text": "Volet"}],
    "a_vorgang": [{"id_a_kopf": "K1", "nummer": "10", "bezeichnung": "Débit"}],
}
MOMENT = re.compile(r"\d\d/\d\d/2\d{3} à \d\d:\d\d")


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.close()


class Schedule:
    """The job `logs`, with the real targets of `make`."""

    def __init__(self, factory: Factory, chat: Chat, folder: Path) -> None:
        self.chat, self.folder = chat, folder
        self.seeds = shutil.copytree(Path(ROOT, "dbt_project/seeds"), folder / "seeds")
        factory.environment["SEEDS_DIR"] = str(self.seeds)
        self.environment = factory.environment | {
            "DBT_PROFILES_DIR": str(factory.profiles()),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "log"),
            "VARS": json.dumps({"maintenant": MONDAY_NOON}),
            "ALERT_WEBHOOK_URL": chat.url,
            "METRICS_FILE": str(folder / "usine.prom"),
            "SCHEDULE_RETRIES": "0",
        }

    def run(self, expect: int = 0, **changed: str) -> list[str]:
        """Run the job once; return the lines that it posted, without the times of this machine's clock."""
        bin_folder = Path(sys.executable).parent
        make = f"$(MAKE) --silent -C {ROOT} --old-file=.venv/.ready --old-file=profiles.yml BIN={bin_folder}"
        targets = {name: f"{make} {name.replace('_', '-')}" for name in ("load_logs", "build_new", "notify")}
        told = len(self.chat.lines())
        code, made, said = job("logs", self.folder, project(self.folder, **targets), **self.environment | changed)
        assert code == expect, said
        assert made[-3:] == ["load-logs", "build-new", "notify"]
        return [line if "2025 à" in line else MOMENT.sub("MAINTENANT", line) for line in self.chat.lines()[told:]]


def test_each_trouble_is_one_alert_and_its_end_another_message(
    factory: Factory, chat: Chat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = Schedule(factory, chat, tmp_path)
    (schedule.seeds / "postes.csv").write_text(POSTES)
    (schedule.seeds / "pauses.csv").write_text(PAUSES)
    logs = {(folder, name): content for folder, files in LOGS.items() for name, content in files.items()}
    factory.put_logs(logs)
    factory.put_erp(ERP)
    factory.load("erp")

    # Nothing arrives, one centre was silent before, one has a long stop. Orphans, breaks and gaps between shifts are no troubles.
    nothing, silent, stop = (
        "Aucune machine n'a donné signe de vie depuis le 13/06/2025 à 15:50",
        "DEMALU n'a pas donné signe de vie depuis le 12/06/2025 à 08:00",
        "DEM12, 12/06/2025 : machine arrêtée de 10:00 à 13:00, soit 3 h 00 de travail prévu.",
    )
    assert schedule.run() == [
        f"- [critique] {silent} : 22 h 50 de travail prévu. La machine est arrêtée, ou ses fichiers n'arrivent plus.",
        f"- [critique] {nothing} : 12 h 10 de travail prévu. Les machines sont arrêtées, ou leurs fichiers n'arrivent plus.",
        f"- [avertissement] {stop}",
    ]
    assert factory.ask("select type from marts.notes_qualite") == [("lignes_orphelines",)]
    examine(factory.environment)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.split()[:2] == ["warning", "events"]]
    assert "no active centre has sent any since 2025-06-13 15:50 by the factory's clock, in 12.2 hours that count" in line

    # A server that is away.
    failing = "Le chargement des fichiers des machines échoue depuis le MAINTENANT"
    away = {"FTP_PORT": "1"}
    assert schedule.run(1, **away) == [f"- [critique] {failing} : les chiffres ne sont plus à jour. À signaler à l'informatique."]
    assert schedule.run(1, **away) == []

    # The server is back, and a seed cannot be read: dbt does not even start.
    (schedule.seeds / "jours_fermes.csv").write_text("")
    broken = "La mise à jour des chiffres échoue depuis le MAINTENANT"
    assert schedule.run(1) == [f"- [critique] {broken} : à signaler à l'informatique.", f"- [terminé] {failing}."]

    # The seed is mended, and a table of raw cannot be read: the same trouble. A build by hand of one model does not end it.
    shutil.copy(Path(ROOT, "dbt_project/seeds/jours_fermes.csv"), schedule.seeds)
    factory.ask("revoke select on raw.a_kopf from transformer")
    assert schedule.run(1) == []
    factory.build_only("--select", "centre_usinage")
    assert factory.ask("select count(*) from marts.alertes where type = 'construction_en_echec'") == [(1,)]

    # All is mended, and events arrive again, but not of the silent centre.
    factory.ask("grant select on raw.a_kopf to transformer")
    monday = written(pieces(16, "05:00", "11:50"))["20250616.LOG"]
    factory.put_logs({**logs, (DEM12, "20250616.LOG"): monday, (SU12, "20250616.LOG"): monday})
    assert schedule.run() == [f"- [terminé] {nothing}.", f"- [terminé] {broken}."]
    assert schedule.run() == []
