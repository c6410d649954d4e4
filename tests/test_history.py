"""The history: the versions of an order, and the revisions of a session's figures."""

import datetime as dt
import json
from typing import Any

from tests.factory import Factory
from tests.test_incremental import ALU, PVC, day, order


def test_every_change_of_an_order_keeps_its_dates(factory: Factory) -> None:
    def state(*orders: dict[str, list[dict[str, object]]], zone: str) -> None:
        factory.ask(f"alter database {factory.environment['POSTGRES_DB']} set timezone = '{zone}'")
        factory.put_erp({table: [row for one in orders for row in one[table]] for table in order("1")})
        factory.load("erp")
        factory.build_only("--select", "+commandes_volets_historique")

    versions = (
        "select id_commande, statut, valide_au is null, est_actuelle, valide_du < coalesce(valide_au, 'infinity'),"
        " lag(valide_au) over (partition by id_commande order by valide_du) = valide_du"
        " from marts.commandes_volets_historique order by id_commande, valide_du"
    )
    kept = "select id, date_synchronisation, xmin::text from marts.commandes_volets_historique where id_commande = '2'"
    state(order("1"), order("2"), zone="Asia/Tokyo")
    first = factory.ask(kept)
    state(order("1", "débité"), order("2"), zone="America/Los_Angeles")  # changed
    factory.ask("update raw.a_kopf set _loaded_at = now() where id = '2'")  # written anew, the same
    state(order("2"), zone="UTC")  # gone
    state(order("1", "débité"), order("2"), zone="Asia/Tokyo")  # back
    expected = [
        ("1", "lancé", False, False, True, None),
        ("1", "débité", False, False, True, True),
        ("1", "débité", True, True, True, False),
        ("2", "lancé", True, True, True, None),
    ]
    assert factory.ask(versions) == expected
    assert factory.ask(kept) == first
    between = "select bool_and(valide_du between now() - interval '10 minutes' and now()) from marts.commandes_volets_historique"
    assert factory.ask(between) == [(True,)]

    before = factory.snapshot()
    factory.build_only("--full-refresh", "--select", "+commandes_volets_historique")
    assert factory.snapshot() == before


def test_a_figure_of_a_past_session_does_not_change_without_a_trace(factory: Factory) -> None:
    project = factory.own_project()
    now = dt.datetime.now(dt.UTC)
    today, names = f"{now:%Y%m%d}", (f"{now:%Y%m%d}.LOG", "20250526.LOG", "20250528.LOG")
    logs = {(PVC, names[0]): day(today), (PVC, names[1]): day("20250526"), (ALU, names[1]): day("20250526", pieces=5)}
    seen: list[tuple[Any, ...]] = []

    def build(*words: str) -> list[tuple[Any, ...]]:
        """Load and build; return what is new in `revisions`."""
        factory.put_logs(logs)
        factory.load("logs")
        factory.build_only("--select", "+revisions", *words)
        rows = factory.ask(
            "select dossier, date_production::text, cause, fichiers, execution_id, colonne, ancienne_valeur, nouvelle_valeur"
            " from marts.revisions order by revisee_le, dossier, date_production, colonne"
        )
        assert rows[: len(seen)] == seen
        new = rows[len(seen) :]
        seen[:] = rows
        return new

    def pieces(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return sorted((*row[:5], *row[6:]) for row in rows if row[5] == "total_pieces")

    assert build() == []
    logs[PVC, names[0]] += day(today, hour=14)  # today's file grows
    logs[ALU, names[2]] = day("20250528")  # a session appears
    logs[PVC, names[1]] = day("20250526", pieces=4)  # a past one is corrected
    corrected = build()
    changed = {row[5]: row[6:] for row in corrected}
    assert {row[:5] for row in corrected} == {(PVC, "2025-05-26", "fichier", f"{PVC}/{names[1]}", 2)}
    assert changed["total_pieces"] == ("3", "4")
    assert changed["heure_derniere_piece"] == ("2025-05-26T08:03:00", "2025-05-26T08:04:00")
    assert changed.keys().isdisjoint({"heure_premiere_piece", "temps_attente", "fichier_log_source"})
    logs[ALU, names[1]] = day("20250527", pieces=5)  # its date is corrected
    logs[PVC, "20250526_2.LOG"] = b""  # not a log's name
    logs[PVC, "20250529.LOG"] = day("20250526", hour=12)  # a file of another day speaks of the past one
    assert pieces(build("--full-refresh")) == [
        (PVC, "2025-05-26", "fichier", f"{PVC}/20250529.LOG", 3, "4", "7"),
        (ALU, "2025-05-26", "fichier", f"{ALU}/{names[1]}", 3, "5", None),
    ]
    assert build("--full-refresh") == []

    at_nine = ("--vars", json.dumps({"debut_journee": "09:00"}))
    assert pieces(build(*at_nine)) == [
        (PVC, "2025-05-26", "debut_journee", None, None, "7", "3"),
        (ALU, "2025-05-26", "debut_journee", None, None, None, "5"),  # it had vanished, and is back
        (ALU, "2025-05-27", "debut_journee", None, None, "5", "3"),
        (ALU, "2025-05-28", "debut_journee", None, None, "3", None),
    ]
    seed = project / "dbt_project/seeds/centres.csv"
    seed.write_text("".join(line for line in seed.read_text().splitlines(keepends=True) if ALU not in line))
    factory.ask(
        "update historique.sessions_versions set total_pieces = 8, temps_attente = null"
        " where dossier = %s and date_production = '2025-05-26' and dbt_valid_to is null",
        (PVC,),
    )
    assert pieces(build("--full-refresh", *at_nine)) == [
        (PVC, "2025-05-26", "modele", None, None, "8", "3"),
        (ALU, "2025-05-26", "centre", None, None, "5", None),
        (ALU, "2025-05-27", "centre", None, None, "3", None),
    ]
    assert not [row for row in seen if row[2] == "modele" and row[5] != "total_pieces"]
