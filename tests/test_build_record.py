"""The record of builds: every build leaves a row, however it ends. `marts.suivi_execution` shows it, and every load."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.factory import ROOT, Factory
from tests.test_faults import wait_for_waiting

BUILDS = (
    "select resultat, commande, nb_modeles, nb_modeles_en_echec, erreur from marts.suivi_execution"
    " where type = 'construction' order by debut desc limit %s"
)
DBT = str(Path(sys.executable).with_name("dbt"))


@pytest.fixture(scope="module")
def factory(small_factory: Factory) -> Factory:
    return small_factory


def start(factory: Factory, *command: str) -> "subprocess.Popen[str]":
    """Start a command as `make build` starts dbt."""
    return subprocess.Popen(
        [sys.executable, "-m", "operation.locked", *command],
        cwd=ROOT,
        env={**os.environ, **factory.environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def last(factory: Factory, columns: str = "resultat, commande, erreur, memoire_max_mo > 1") -> tuple[Any, ...]:
    """The latest build, as analysts see it."""
    query = f"select {columns} from marts.suivi_execution where type = 'construction' order by debut desc limit 1"
    return factory.ask(query, role="analyst")[0]


def wait_until(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_load_and_a_build_stand_there_with_what_they_took_and_did(factory: Factory) -> None:
    rows = factory.ask(
        "select type, source, resultat, nb_lignes, erreur, taux_reussite, fin > debut,"
        " duree_secondes = round(extract(epoch from fin - debut), 1), memoire_max_mo between 20 and 2000"
        " from marts.suivi_execution order by debut limit 3",
        role="analyst",
    )
    assert [row[:3] for row in rows] == [("chargement", "logs", "ok"), ("chargement", "erp", "ok"), ("construction", None, "ok")]
    assert [row[4:] for row in rows] == [(None, 100, True, True, True)] * 2 + [(None, 100, True, True, None)]
    assert [row[3] for row in rows[:2]] == [1, 0]
    # A new table counts, also one with a contract.
    assert rows[2][3] >= 6
    assert factory.ask("select nb_modeles > 45, version from marts.suivi_execution where type = 'construction'") == [
        (True, "1.0.0")
    ]


def test_a_model_that_fails_is_named_and_the_build_partly_done_or_not_at_all(factory: Factory) -> None:
    # It belongs to another account.
    factory.ask("drop view staging.stg_erp__p_zubeh cascade; create table staging.stg_erp__p_zubeh (it text)")
    try:
        for models in (["stg_erp__p_zubeh", "stg_erp__a_kopf"], ["stg_erp__p_zubeh"]):
            assert not factory.dbt("run", "--select", *models, expect=False).success
    finally:
        factory.ask("drop table staging.stg_erp__p_zubeh")
    failed, partly = factory.ask(BUILDS, (2,))
    assert partly[:4] == ("partiel", "run", 1, 1)
    assert failed[:4] == ("echec", "run", 0, 1)
    for row in (failed, partly):
        assert re.fullmatch(r"stg_erp__p_zubeh : .*must be owner of table stg_erp__p_zubeh.*", row[4])
    factory.build_only("--select", "stg_erp__p_zubeh+")
    assert last(factory, "resultat, erreur") == ("ok", None)


def test_a_build_whose_keys_cannot_be_restored_has_failed_though_dbt_skips_what_would_say_so(factory: Factory) -> None:
    ((key,),) = factory.ask(
        "select conname from pg_constraint where conrelid = 'marts.job_profil'::regclass and contype = 'f'",
    )
    factory.ask(f"alter table marts.job_profil drop constraint {key}; alter table marts.job_profil owner to current_user")
    try:
        assert not factory.dbt("run", "--select", "stg_logs__files", expect=False).success
    finally:
        factory.ask("alter table marts.job_profil owner to transformer")
    (failed,) = factory.ask(BUILDS, (1,))
    assert failed[:4] == ("echec", "run", 1, 0)
    assert "marts.job_profil has no FOREIGN KEY (session_id): must be owner of table job_profil" in failed[4]
    factory.dbt("run", "--select", "stg_logs__files")
    assert last(factory, "resultat, erreur") == ("ok", None)


def test_whoever_waits_for_a_build_notes_an_end_that_it_cannot_note_itself(factory: Factory) -> None:
    def ends(code: int, *command: str) -> str:
        process = start(factory, *command)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == code, said
        return said

    before = factory.ask("select count(*) from historique.constructions")
    assert ends(0, "sh", "-c", "true") == ""
    assert ends(127, "no-such-command") == "no-such-command: No such file or directory\n"
    assert factory.ask("select count(*) from historique.constructions") == before
    ends(2, "sh", "build", "without such a file")
    assert last(factory)[:2] == ("echec", "build")
    ends(3, "sh", "-c", "exit 3")
    outcome, command, error, measured = last(factory)
    assert (outcome, command, measured) == ("echec", "-c", True)
    assert error.startswith("Fin avec le code 3, avant que dbt note son résultat")
    ends(137, "sh", "-c", "kill -9 $$")
    assert last(factory)[::2] == ("interrompu", "dbt a été tué (SIGKILL) ; par le système peut-être, faute de mémoire.")
    # If that cannot be recorded, the build still has its own result.
    factory.ask("alter table historique.constructions owner to current_user")
    try:
        said = ends(4, "sh", "-c", "exit 4")
    finally:
        factory.ask("alter table historique.constructions owner to transformer")
    assert re.fullmatch(
        r"the end of this build could not be recorded: PostgreSQL .*permission denied for table constructions.*\n", said
    )


def test_a_signal_is_handed_on_and_the_end_is_waited_for(factory: Factory) -> None:
    build = start(factory, "sh", "-c", "trap 'echo ending; exit 5' TERM; echo begun; while :; do sleep 0.05; done")
    assert build.stdout
    assert build.stdout.readline() == "begun\n"
    build.terminate()
    said, _ = build.communicate(timeout=60)
    assert (build.returncode, said) == (5, "ending\n")
    assert last(factory)[::2] == ("interrompu", "dbt a été arrêté (code 5).")


def test_a_build_is_at_work_while_dbt_lives_and_no_longer(factory: Factory) -> None:
    def child(process: "subprocess.Popen[str]") -> int:
        return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())

    command = [DBT, "--quiet", "run", "--select", "int_lignes", "--target-path", str(factory.target)]
    command += ["--profiles-dir", str(factory.profiles())]
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(6581364, hashtext('int_lignes'))")
        killed = start(factory, *command)
        wait_for_waiting(factory, 2)
        assert last(factory, "resultat, fin, memoire_max_mo") == ("en cours", None, None)
        os.kill(child(killed), signal.SIGKILL)
        assert killed.wait(60) == 137
        assert last(factory)[:2] == ("interrompu", "run")
        assert last(factory, "memoire_max_mo > 50") == (True,)

        # Its parent is gone, so it ends its row itself.
        orphan = start(factory, *command)
        wait_until(lambda: last(factory, "resultat") == ("en cours",))
        dbt = child(orphan)
        orphan.kill()
        orphan.wait()
        assert last(factory, "resultat") == ("en cours",)
    wait_until(lambda: last(factory, "resultat") != ("en cours",))
    assert last(factory, "resultat, nb_modeles, memoire_max_mo") == ("ok", 1, None)
    wait_until(lambda: not Path(f"/proc/{dbt}").exists())


def test_what_died_without_a_word_is_not_at_work_once_the_lock_is_free(factory: Factory) -> None:
    factory.ask("insert into raw.load_runs (source) values ('logs')", role="loader")
    factory.ask(
        "insert into historique.constructions (id, session_verrou, commande, commencee_le)"
        " values (gen_random_uuid(), 1, 'build', clock_timestamp())",
        role="transformer",
    )
    shown = "select resultat, fin from marts.suivi_execution order by debut desc limit 2"
    assert factory.ask(shown) == [("interrompu", None)] * 2
    factory.ask("delete from historique.constructions where session_verrou = 1")
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(6581364)")
        assert factory.ask(shown)[0] == ("en cours", None)
    factory.load("logs")
    assert factory.ask(shown.replace("limit 2", "limit 1 offset 1")) == [("interrompu", None)]
