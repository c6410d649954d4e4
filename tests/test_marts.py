"""Every mart against the reference, value by value, through the real loaders and the real dbt build."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests import generator, reference
from tests.factory import Factory, comparable
from tests.indicators import indicator_marts

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


def expect_marts(factory: Factory, expected: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for table, rows in {**expected, **indicator_marts(expected)}.items():
        assert comparable(factory.mart(table)) == comparable(rows), table


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_marts_equal_the_reference_now_and_a_day_later(factory: Factory, seed: int) -> None:
    rng = random.Random(seed)
    logs = generator.random_logs(rng)
    erp = generator.random_erp(rng)
    factory.put_logs(logs)
    factory.put_erp(erp)
    factory.load()
    factory.build()
    assert sorted(factory.ask("select folder, file_name, line_number, line from raw.log_lines")) == sorted(
        reference.raw_log_lines(logs)
    )
    expect_marts(factory, reference.marts(logs, CENTRES, erp))

    later, _ = generator.change_logs(rng, logs)
    later_erp, _ = generator.change_erp(rng, erp)
    factory.put_logs(later)
    factory.put_erp(later_erp)
    factory.load()
    factory.build()
    expect_marts(factory, reference.marts({**logs, **later}, CENTRES, later_erp))
    incremental = factory.snapshot()
    factory.build_only("--full-refresh")
    assert factory.snapshot() == incremental
