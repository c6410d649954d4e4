"""Every mart against the reference, value by value, through the real loaders and the real dbt build."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests import generator, reference
from tests.factory import Factory, comparable
from tests.indicators import indicator_marts
from tests.working_time import Seeds, WorkingTime

CENTRES = [
    {"dossier": "DEM12 (PVC)", "nom": "DEM12", "type_cu": "PVC", "description": "Centre d'usinage des profilés PVC", "actif": True},
    {
        "dossier": "DEMALU (ALU)",
        "nom": "DEMALU",
        "type_cu": "ALU",
        "description": "Centre d'usinage des profilés aluminium",
        "actif": True,
    },
    {
        "dossier": "SU12 (HYBRIDE)",
        "nom": "SU12",
        "type_cu": "HYBRIDE",
        "description": "Centre d'usinage des profilés hybrides PVC et aluminium",
        "actif": True,
    },
]


def expect_marts(
    factory: Factory,
    expected: Mapping[str, Sequence[Mapping[str, Any]]],
    seeds: Seeds | None = None,
    debut_journee: str = "00:00",
) -> None:
    """Compare the marts with the reference's tables and what the declared working time, by default none, makes of them."""
    begun = "select max(started_at) at time zone 'Europe/Paris' from raw.load_runs where source = 'logs'"
    ((last_load,),) = factory.ask(f"{begun} and outcome in ('ok', 'partial')")
    work = WorkingTime(seeds, [centre["nom"] for centre in expected["centre_usinage"]], debut_journee, last_load)
    for table, rows in {**expected, **indicator_marts(expected, work)}.items():
        assert comparable(factory.mart(table)) == comparable(rows), table


def variables(order_pattern: str) -> list[str]:
    return ["--vars", json.dumps({"numero_commande_motif": order_pattern})] if order_pattern else []


@pytest.mark.parametrize(("seed", "pattern", "later_pattern"), [(1, "", ""), (2, "", "^([0-9]+) "), (3, "^([0-9]+) ", "")])
def test_marts_equal_the_reference_now_and_a_day_later(factory: Factory, seed: int, pattern: str, later_pattern: str) -> None:
    rng = random.Random(seed)
    logs = generator.random_logs(rng)
    erp = generator.random_erp(rng)
    factory.put_logs(logs)
    factory.put_erp(erp)
    factory.load()
    factory.build(*variables(pattern))
    assert sorted(factory.ask("select folder, file_name, line_number, line from raw.log_lines")) == sorted(
        reference.raw_log_lines(logs)
    )
    expect_marts(factory, reference.marts(logs, CENTRES, erp, order_pattern=pattern))

    later, _ = generator.change_logs(rng, logs)
    later_erp, _ = generator.change_erp(rng, erp)
    factory.put_logs(later)
    factory.put_erp(later_erp)
    factory.load()
    factory.build(*variables(later_pattern))
    expect_marts(factory, reference.marts({**logs, **later}, CENTRES, later_erp, order_pattern=later_pattern))
    incremental = factory.snapshot()
    factory.build_only("--full-refresh", *variables(later_pattern))
    assert factory.snapshot() == incremental
