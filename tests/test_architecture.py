"""The architecture: data flows one way, and loaders and models meet only in the schema raw."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from demo.stack import Stack
from tests.factory import ROOT, Factory

FORBIDDEN = {
    "common": {"dbt", "hub", "loaders", "operation", "publication", "demo", "tests"},
    "loaders": {"dbt", "hub", "operation", "publication", "demo", "tests"},
    "publication": {"dbt", "hub", "loaders", "demo", "tests"},
    "operation": {"dbt", "hub", "publication", "demo", "tests"},
    "hub": {"dbt", "loaders", "operation", "publication", "demo", "tests"},
}
PATHS = sorted(path for package in FORBIDDEN for path in Path(ROOT, package).glob("*.py"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_copies_publishes_or_keeps_the_times_knows_neither_dbt_nor_the_demo_nor_the_tests(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert not imported & FORBIDDEN[path.parent.name]


@pytest.fixture(scope="module")
def manifest(stack: Stack, scratch: Path) -> Any:
    factory = Factory(stack, scratch)
    # dbt only warns of a setting that matches nothing.
    factory.dbt("--warn-error", "parse", "--no-partial-parse")
    return json.loads((factory.target / "manifest.json").read_text())


def models(manifest: Any) -> dict[str, Any]:
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_models_reach_upstream_one_layer_at_a_time(manifest: Any) -> None:
    # Indicators and monitoring read the marts of production; working time is declared in seeds.
    above = {layer: [layer] for layer in ("surveillance", "indicateurs")} | {"declarations": ["staging", "horaires"]}
    layer_of = {
        name: next((layer for layer, folders in above.items() if {*folders} <= {*node["fqn"]}), node["fqn"][1])
        for name, node in models(manifest).items()
    }
    may_read = {
        "staging": {"source"},
        "declarations": {"seed", "declarations"},
        "intermediate": {"seed", "staging", "declarations", "intermediate"},
        # A mart refers to marts that its foreign keys need to be there first.
        "marts": {"seed", "intermediate", "marts", "staging", "snapshot"},
        "indicateurs": {"intermediate", "marts", "indicateurs"},
        "surveillance": {"staging", "intermediate", "marts", "indicateurs", "surveillance", "snapshot"},
    }
    state = "source.usine.platform.worklist_state"
    for name, layer in layer_of.items():
        # Only a worklist reads the state of what was last built.
        is_worklist = manifest["nodes"][name]["config"]["meta"].get("worklist", False)
        parents = set(manifest["nodes"][name]["depends_on"]["nodes"])
        assert (state in parents) == is_worklist, name
        for parent in parents - {state}:
            kind = layer_of.get(parent, parent.split(".")[0])
            assert kind in may_read[layer], f"{name} reads {parent}"


def test_everything_is_described(manifest: Any) -> None:
    kinds = ("nodes", "sources", "exposures", "groups", "macros")
    # A unit test's name is the sentence that it checks; an operation is a line of dbt_project.yml.
    things = [thing for kind in kinds for thing in manifest[kind].values() if thing["resource_type"] != "operation"]
    parts = [
        (f"{thing['unique_id']} {part['name']}", part)
        for thing in things
        if thing["package_name"] == "usine"
        for part in (thing, *thing.get("columns", {}).values(), *thing.get("arguments", []))
    ]
    assert len(parts) > 400
    assert [name for name, part in parts if not part.get("description")] == []
    for macro in manifest["macros"].values():
        signature = re.search(r"{%-?\s*macro\s+\w+\((.*?)\)", macro["macro_sql"])
        if macro["package_name"] == "usine" and signature:  # a materialization has none
            named = [argument.partition("=")[0].strip() for argument in signature[1].split(",") if argument]
            assert [argument["name"] for argument in macro["arguments"]] == named, macro["name"]


def test_each_mart_says_its_site(manifest: Any) -> None:
    marts = [node for node in models(manifest).values() if node["fqn"][1] == "marts"]
    # A hub adds it up over its sites.
    assert [node["name"] for node in marts if "site" not in node["columns"]] == ["production_profil"]


def test_a_marts_columns_say_what_null_means_and_in_what_unit_they_are(manifest: Any) -> None:
    unit = re.compile(r"%|\b(unité|heures?|minutes?|secondes?|jours?|mm|mètres?|pièces?|points?)\b", re.IGNORECASE)
    silent_on_null, without_unit = [], []
    for node in models(manifest).values():
        keys = {column for key in node["constraints"] if key["type"] == "primary_key" for column in key["columns"]}
        for column in node["columns"].values() if node["fqn"][1] == "marts" else ():
            kinds = {constraint["type"] for constraint in column["constraints"]}
            if "NULL" not in column["description"] and column["name"] not in keys and not kinds & {"not_null", "primary_key"}:
                silent_on_null.append(f"{node['name']}.{column['name']}")
            # A unit for the dictionary, and one in a sentence, for those who read comments.
            if re.search("numeric|int", column["data_type"]) and not column["config"]["meta"].get("unite"):
                without_unit.append(f"{node['name']}.{column['name']}")
            if "numeric" in column["data_type"] and not unit.search(column["description"]):
                without_unit.append(f"{node['name']}.{column['name']}")
    assert silent_on_null == []
    assert without_unit == []


def test_the_lineage_shows_layers_whose_figures_they_are_and_who_reads_them(manifest: Any) -> None:
    colours: dict[str, set[str]] = {}
    for node in models(manifest).values():
        assert node["config"]["group"], f"{node['name']} is in no group"
        colours.setdefault(node["fqn"][1], set()).add(node["docs"]["node_color"])
    assert all(len(colour) == 1 for colour in colours.values())
    assert len(set.union(*colours.values())) == len(colours) == 3
    read = {name for exposure in manifest["exposures"].values() for name in exposure["depends_on"]["nodes"]}
    assert read == {name for name, node in models(manifest).items() if node["fqn"][1] == "marts"}


def test_everything_in_the_dbt_project_passes_on_the_sample_data(factory: Factory) -> None:
    from demo.factory import fill_erp, write_logs

    write_logs(factory.stack.ftp_root)
    with factory.erp() as connection:
        fill_erp(connection)
    factory.load()
    factory.dbt("build", "--selector", "tout")
    factory.dbt("build", "--selector", "tout", "--exclude-resource-type", "unit_test")
