"""A site's name is part of its keys and of its marts, and nothing else depends on it."""

import hashlib
from contextlib import closing

import pytest

from common.settings import PostgresSettings
from operation.grants import grant
from operation.inputs import read_inputs
from tests.factory import Factory
from tests.test_incremental import FIRST, PVC, day, order
from tests.test_refusals import refusal

KEYS = {
    "centre_usinage": "select id::text from marts.centre_usinage where dossier = 'DEM12 (PVC)'",
    "session_production": "select id::text from marts.session_production where fichier_log_source = 'DEM12 (PVC)/20250526.LOG'",
    "piece_production": (
        "select p.id::text from marts.piece_production p join marts.session_production s on s.id = p.session_id"
        " where s.fichier_log_source = 'DEM12 (PVC)/20250526.LOG' and numero_piece = 3"
    ),
    "production_profil": "select id::text from marts.production_profil",
}


def first(factory: Factory) -> None:
    factory.put_logs(FIRST)
    factory.put_erp(order("4711"))
    factory.load()
    factory.build_only()


def test_keys_without_a_site_stay_what_they_were_and_with_one_begin_with_its_part(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(factory)
    recorded = {mart: factory.ask(query) for mart, query in KEYS.items()}
    assert recorded == {
        "centre_usinage": [("f5ac99be-0b57-a4f6-8c04-73bea166b73d",)],
        "session_production": [("e78e6ef7-0553-184e-49f7-abbb798cf123",)],
        "piece_production": [("e78e6ef7-0553-184e-49f7-abbb00000003",)],
        "production_profil": [("3bcb7db0-abd5-730e-0b6c-c8ce731b1476",)],
    }
    assert factory.ask("select distinct site from marts.piece_production") == [("",)]
    monkeypatch.setenv("SITE", "lyon")
    factory.build_only()
    part = hashlib.md5(b"lyon").hexdigest()[:8]
    for mart, query in KEYS.items():
        assert factory.ask(query) == [(part + key[8:],) for (key,) in recorded[mart]]
    assert factory.ask("select distinct site from marts.piece_production") == [("lyon",)]
    models = ("int_sessions", "int_sessions_a_construire", "int_periodes_a_calculer")
    factory.dbt("test", "--select", *(f"{model},test_type:unit" for model in models))


def test_a_warehouse_of_another_site_is_made_anew_and_equals_a_fresh_one(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    first(factory)
    # A past session's figures change.
    factory.put_logs({**FIRST, (PVC, "20250526.LOG"): day("20250526", pieces=7)})
    factory.load()
    factory.build_only()
    revisions = "select dossier, date_production, colonne, ancienne_valeur, revisee_le from marts.revisions order by colonne"
    revised = factory.ask(revisions)
    assert revised
    for site in ("metz", "lyon"):
        monkeypatch.setenv("SITE", site)
        factory.build_only()
    assert factory.ask(revisions) == revised
    known = "session_id in (select id from marts.session_production)"
    assert factory.ask(f"select distinct {known}, site from marts.revisions") == [(True, "lyon")]
    assert factory.ask(f"select distinct {known} from historique.sessions_versions") == [(True,)]
    kept = {schema: factory.snapshot(schema) for schema in ("marts", "intermediate")}
    factory.ask("drop schema marts, intermediate, staging, seeds cascade")
    grant(factory.environment)
    factory.build_only()
    fresh = {schema: factory.snapshot(schema) for schema in ("marts", "intermediate")}
    # Files have not been read again.
    assert fresh["intermediate"].pop("int_fichiers_a_lire") != kept["intermediate"].pop("int_fichiers_a_lire") == []
    assert fresh == kept


def test_a_site_that_a_build_did_not_finish_with_leaves_nothing_when_it_is_taken_back(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(factory)
    # A past session's figures change, and a line is rejected.
    factory.put_logs({**FIRST, (PVC, "20250526.LOG"): day("20250526", pieces=7) + b"20250526 07:00:00\r\n"})
    factory.load()
    factory.build_only()
    kept = {
        "marts.revisions": "select * from marts.revisions order by session_id, colonne",
        "marts.lignes_rejetees": "select * from marts.lignes_rejetees order by 1, 2, 3",
        "historique.sessions_versions": "select distinct session_id from historique.sessions_versions order by 1",
    }
    before = {table: factory.ask(query) for table, query in kept.items()}
    assert all(before.values())
    monkeypatch.setenv("SITE", "lyon")
    factory.dbt("run", "--select", "commandes_volets")
    assert factory.ask(kept["marts.revisions"]) != before["marts.revisions"]
    monkeypatch.delenv("SITE")
    factory.build_only()
    assert {table: factory.ask(query) for table, query in kept.items()} == before


def test_a_name_that_cannot_be_a_sites_is_refused_in_one_line(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    factory.load()
    for name in ("Lyon", "l'usine", "a" * 21, "2lyon", "marts", "pg_lyon"):
        monkeypatch.setenv("SITE", name)
        assert refusal(factory, "run", "--select", "centre_usinage") == (
            f"SITE is {name}: give the site a name of at most 20 small letters and digits, not a digit first nor a schema of a hub"
        )


def test_another_site_is_something_to_build(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = PostgresSettings.from_environ(factory.environment)
    with closing(factory.warehouse()) as session:
        before = read_inputs(session, settings, "")
        monkeypatch.setenv("SITE", "lyon")
        assert {name for name, value in read_inputs(session, settings, "").items() if value != before[name]} == {"code"}
