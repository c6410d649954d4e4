"""The borders of the code base: data flows one way, and the two halves meet in the raw schema only."""

import ast
import json
from pathlib import Path

import pytest

from tests.factory import ROOT, Factory

FORBIDDEN = {"loaders": {"dbt", "publication", "demo", "tests"}, "publication": {"dbt", "demo", "tests"}}
PATHS = sorted(path for package in FORBIDDEN for path in Path(ROOT, package).glob("*.py"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_loaders_and_publication_know_neither_dbt_nor_the_demo_nor_the_tests(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert not imported & FORBIDDEN[path.parent.name]


def test_models_reach_upstream_one_layer_at_a_time_and_are_described(factory: Factory) -> None:
    factory.dbt("parse")
    manifest = json.loads((factory.scratch / "target" / "manifest.json").read_text())
    # What watches the marts reads them.
    layer_of = {
        name: "surveillance" if "surveillance" in node["fqn"] else node["fqn"][1]
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    may_read = {
        "staging": {"source"},
        "intermediate": {"seed", "staging", "intermediate", "snapshot"},
        # A mart refers to marts that its foreign keys need to be there first.
        "marts": {"seed", "intermediate", "marts", "staging", "snapshot"},
        "surveillance": {"staging", "intermediate", "marts", "surveillance"},
    }
    for name, layer in layer_of.items():
        for parent in manifest["nodes"][name]["depends_on"]["nodes"]:
            kind = layer_of.get(parent, parent.split(".")[0])
            assert kind in may_read[layer], f"{name} reads {parent}"
        assert manifest["nodes"][name]["description"], f"{name} has no description"
        if manifest["nodes"][name]["config"]["contract"]["enforced"]:
            for column in manifest["nodes"][name]["columns"].values():
                assert column["description"], f"{name}.{column['name']} has no description"


def test_everything_in_the_dbt_project_passes_on_the_sample_data(factory: Factory) -> None:
    from demo.factory import fill_erp, write_logs

    write_logs(factory.stack.ftp_root)
    with factory.erp() as connection:
        fill_erp(connection)
    factory.load()
    factory.dbt("build", "--selector", "tout")
    factory.dbt("build", "--selector", "tout")
