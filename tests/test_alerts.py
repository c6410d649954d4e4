"""`make alerts`: new alerts are printed, and posted once to a webhook, whatever fails there."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.chat import Chat
from tests.factory import ROOT, Factory

ALERTS = [(f"00000000-0000-0000-0000-{number:012}", "information", f"Anomalie {number}") for number in range(30)]


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.close()


@pytest.fixture
def warehouse(factory: Factory) -> Factory:
    """A warehouse whose mart `alertes` is filled by the test."""
    columns = "id uuid, gravite text, message text, survenue_le timestamp, type text default '', en_cours boolean default false"
    factory.ask(f"set role transformer; create table marts.alertes ({columns})")
    columns_of = [list(values) for values in zip(*ALERTS, strict=True)]
    factory.ask("insert into marts.alertes select *, now() from unnest(%s::uuid[], %s::text[], %s::text[])", columns_of)
    return factory


def start(factory: Factory, url: str) -> subprocess.Popen[str]:
    """Start `python -m publication alerts` as a command."""
    return subprocess.Popen(
        [sys.executable, "-m", "publication", "alerts"],
        cwd=ROOT,
        env={**os.environ, **factory.environment, "ALERT_WEBHOOK_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def alerts(factory: Factory, url: str, expect: int = 0) -> str:
    """Run the command; return its output."""
    process = start(factory, url)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == expect, said
    assert "secret-token" not in said
    return said


def test_the_alerts_of_a_real_build_are_printed_and_posted(factory: Factory, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    factory.put_logs({("INCONNU", "20250526.LOG"): b"20250526 08:00:00|@StukUitgevoerd: x"})
    factory.load("logs")
    factory.build_only("--select", "+alertes")
    sentence = (
        "[avertissement] Le dossier « INCONNU » n'est déclaré pour aucun centre : 1 fichier n'est compté nulle part."
        " Si c'est une machine de l'atelier, la faire ajouter à la liste des centres."
    )
    assert alerts(factory, chat.url).splitlines() == [sentence, "1 new alerts, 1 posted"]
    assert chat.lines() == [f"- {sentence}"]
    factory.build_only("--full-refresh", "--select", "alertes")
    assert alerts(factory, chat.url).splitlines() == ["0 new alerts, 0 posted"]
    monkeypatch.setenv("SITE", "lyon")
    key = factory.ask("select id from marts.alertes")
    factory.build_only("--select", "+alertes")
    assert factory.ask("select id from marts.alertes") != key
    assert alerts(factory, chat.url).splitlines() == ["0 new alerts, 0 posted"]


def test_without_a_webhook_alerts_are_printed_and_stay_new(warehouse: Factory) -> None:
    warehouse.ask("update marts.alertes set gravite = 'critique' where message = 'Anomalie 7'")
    said = alerts(warehouse, "").splitlines()
    assert said[0] == "[critique] Anomalie 7"
    assert len(said) == len(ALERTS) + 1
    assert said[-1] == "30 new alerts, none posted: neither ALERT_WEBHOOK_URL nor SMTP_HOST is set"
    assert alerts(warehouse, "").splitlines() == said


def test_each_alert_is_posted_exactly_once_whatever_the_webhook_answers(warehouse: Factory, chat: Chat) -> None:
    # The first message gets through at the second attempt; the next one is refused for good.
    chat.codes = [500, 200, 404]
    said = alerts(warehouse, chat.url, expect=1)
    assert said.splitlines()[-1] == "the webhook of ALERT_WEBHOOK_URL answers 404: check that it is still valid"
    assert (chat.asked, len(chat.lines())) == (3, 20)

    # The next run posts the rest, and only that; one more has nothing to say.
    assert alerts(warehouse, chat.url).splitlines()[-1] == "10 new alerts, 10 posted"
    assert alerts(warehouse, chat.url).splitlines() == ["0 new alerts, 0 posted"]
    assert chat.asked == 4
    assert sorted(chat.lines()) == sorted(f"- [information] Anomalie {number}" for number in range(30))


def test_two_runs_at_once_do_not_post_the_same(warehouse: Factory, chat: Chat) -> None:
    for process in [start(warehouse, chat.url) for _ in range(3)]:
        assert process.communicate(timeout=120)
        assert process.returncode == 0
    assert sorted(chat.lines()) == sorted(f"- [information] Anomalie {number}" for number in range(30))


def test_an_alert_that_comes_back_is_new_only_after_a_week(warehouse: Factory, chat: Chat) -> None:
    warehouse.ask("delete from marts.alertes where message not in ('Anomalie 1', 'Anomalie 2', 'Anomalie 3')")
    alerts(warehouse, chat.url)
    warehouse.ask("update historique.alertes_etats set depuis = now() - interval '8 days'")
    warehouse.ask("delete from marts.alertes where message in ('Anomalie 1', 'Anomalie 2')")
    alerts(warehouse, chat.url)  # 1 and 2 are gone for longer than a week, 3 has been there all the time
    rows = "insert into marts.alertes values (%s, %s, %s, now())"
    warehouse.ask(rows, ALERTS[1])
    warehouse.ask("delete from marts.alertes where message = 'Anomalie 3'")
    alerts(warehouse, chat.url)
    warehouse.ask(rows, ALERTS[3])
    alerts(warehouse, chat.url)
    assert [line[-1] for line in chat.lines()] == ["1", "2", "3", "1"]
    states = (
        "select right(id::text, 1), string_agg(etat, ' ' order by depuis) from historique.alertes_etats group by id order by id"
    )
    assert warehouse.ask(states) == [("1", "envoyée oubliée envoyée"), ("2", "envoyée oubliée"), ("3", "envoyée vue")]


def lasting(warehouse: Factory, *numbers: int) -> None:
    """Have the mart hold these alerts, which last."""
    warehouse.ask("delete from marts.alertes")
    for number in numbers:
        identity, _, _ = ALERTS[number]
        row = (identity, "critique", f"Panne {number} depuis le 28/05/2025 à 14:37 : à signaler.")
        warehouse.ask("insert into marts.alertes values (%s, %s, %s, now(), '', true)", row)


def test_when_an_alert_is_over_a_second_message_says_so_once_and_it_is_new_if_it_comes_back(warehouse: Factory, chat: Chat) -> None:
    lasting(warehouse, 1, 2)
    alerts(warehouse, chat.url)
    warehouse.ask("update historique.alertes_etats set depuis = now() - interval '2 days'")
    alerts(warehouse, chat.url)  # both are still there, which is noted
    # One is gone; the other one is over, and stays in the mart as a past one.
    lasting(warehouse, 2)
    warehouse.ask("update marts.alertes set en_cours = false")
    assert alerts(warehouse, chat.url).splitlines()[-1] == "0 new alerts, 2 over, 2 posted"
    assert alerts(warehouse, chat.url).splitlines() == ["0 new alerts, 0 posted"]
    first, over = "Panne %d depuis le 28/05/2025 à 14:37 : à signaler.", "Panne %d depuis le 28/05/2025 à 14:37."
    said = [f"- [critique] {first % number}" for number in (1, 2)] + [f"- [terminé] {over % number}" for number in (1, 2)]
    assert chat.lines() == said
    lasting(warehouse, 2)
    alerts(warehouse, chat.url)
    assert chat.lines() == [*said, said[1]]


def test_an_end_that_could_not_be_posted_is_posted_by_the_next_run_and_by_one_of_several(warehouse: Factory, chat: Chat) -> None:
    lasting(warehouse, 1)
    alerts(warehouse, chat.url)
    lasting(warehouse)
    chat.codes = [404]
    alerts(warehouse, chat.url, expect=1)
    for process in [start(warehouse, chat.url) for _ in range(3)]:
        assert process.communicate(timeout=120)
        assert process.returncode == 0
    assert [line.split("]")[0] for line in chat.lines()] == ["- [critique", "- [terminé"]


def test_an_alert_that_was_past_when_it_was_posted_has_no_second_message(warehouse: Factory, chat: Chat) -> None:
    alerts(warehouse, chat.url)
    lasting(warehouse)
    assert alerts(warehouse, chat.url).splitlines() == ["0 new alerts, 0 posted"]


def test_a_table_of_states_of_an_earlier_version_is_upgraded_and_nothing_is_posted_twice(warehouse: Factory, chat: Chat) -> None:
    warehouse.ask(
        "drop table historique.alertes_etats; set role transformer;"
        "create table historique.alertes_etats (id uuid not null,"
        " etat text not null check (etat in ('envoyée', 'vue', 'oubliée')), depuis timestamptz not null default now(),"
        " primary key (id, depuis));"
        "insert into historique.alertes_etats (id, etat) select id, 'vue' from marts.alertes where message <> 'Anomalie 4'"
    )
    lasting(warehouse, 3, 4)
    assert alerts(warehouse, chat.url).splitlines()[-1] == "1 new alerts, 1 posted"
    lasting(warehouse)
    # It is not known whether what that version posted was over by then.
    assert alerts(warehouse, chat.url).splitlines()[-1] == "0 new alerts, 1 over, 1 posted"
    assert [line.split(" depuis")[0] for line in chat.lines()] == ["- [critique] Panne 4", "- [terminé] Panne 4"]


def test_it_goes_on_as_the_notifier_whatever_the_account_and_as_the_account_where_rights_are_not_split(
    warehouse: Factory, chat: Chat
) -> None:
    admin = warehouse.stack.warehouse_admin
    warehouse.ask("alter table historique.alertes_etats add column par text default current_user")
    one, other = ("select distinct par::text from historique.alertes_etats", "delete from historique.alertes_etats")
    for user, password in [("", ""), (admin["user"], admin["password"])]:
        warehouse.environment |= {"ALERTS_POSTGRES_USER": user, "ALERTS_POSTGRES_PASSWORD": password}
        alerts(warehouse, chat.url)
        assert warehouse.ask(one) == [("notifier",)]
        warehouse.ask(other)
    warehouse.ask("drop table historique.alertes_etats")
    assert alerts(warehouse, chat.url).splitlines()[-1] == "30 new alerts, 30 posted"
    assert alerts(warehouse, chat.url).splitlines()[-1] == "0 new alerts, 0 posted"


def test_what_an_earlier_version_posted_is_not_posted_again(warehouse: Factory, chat: Chat) -> None:
    warehouse.ask(
        "drop table historique.alertes_etats; set role transformer;"
        "create table historique.alertes_envoyees (id uuid primary key, envoyee_le timestamptz, vue_le timestamptz);"
        "insert into historique.alertes_envoyees select id, now(), now() from marts.alertes where message <> 'Anomalie 4'"
    )
    assert alerts(warehouse, chat.url).splitlines()[-1] == "1 new alerts, 1 posted"
    assert warehouse.ask("select to_regclass('historique.alertes_envoyees')") == [(None,)]


def test_what_a_machine_wrote_calls_nobody(warehouse: Factory, chat: Chat) -> None:
    warehouse.ask("delete from marts.alertes where message <> 'Anomalie 1'")
    warehouse.ask("update marts.alertes set message = %s", ["DEM12 : <!channel> & @all\nfin"])
    alerts(warehouse, chat.url)
    assert chat.messages == ["- [information] DEM12 : &lt;!channel&gt; &amp; @\N{ZERO WIDTH SPACE}all fin"]


def test_what_is_wrong_is_said_in_one_line_without_the_address(factory: Factory, chat: Chat) -> None:
    for url in ("file:///hooks/secret-token", "https://[secret-token", "http://a b/secret-token", "hooks.example.com/secret-token"):
        assert alerts(factory, url, expect=1).count("\n") == 1
    assert alerts(factory, chat.url, expect=1).endswith("there is no view marts.alertes of this version: run `make build` first\n")
    assert chat.asked == 0
