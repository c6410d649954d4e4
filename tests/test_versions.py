"""If a model computes something else, its version in dbt_project.yml must be raised: the next build then recomputes everything.

`versions.json` records the two versions of dbt_project.yml and a hash of what each model of theirs computes. After raising a
version it is written again by `RECORD_VERSIONS=1 make test ARGS=tests/test_versions.py`.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import yaml

from tests.factory import ROOT, Factory

RECORD = Path(__file__).with_name("versions.json")
READING = "int_fichiers_a_lire"


def computed(manifest: Any) -> dict[str, dict[str, str]]:
    """The hash of each model that a version stands for, comments, blanks and the database's name aside, by the version's name."""
    models = {node["unique_id"]: node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "snapshot")}

    def with_parents(names: set[str]) -> set[str]:
        above = {parent for name in names for parent in models[name]["depends_on"]["nodes"] if parent in models}
        return names if above <= names else with_parents(names | above)

    def made_from(reading: bool) -> set[str]:
        worklists = {name: (node["config"]["meta"].get("scope") or {}).get("worklist") for name, node in models.items()}
        return with_parents({name for name, worklist in worklists.items() if worklist and (worklist == READING) is reading})

    lines = made_from(reading=True)
    found = {"version_lecture": lines, "version_modeles": made_from(reading=False) - lines}
    return {version: {models[name]["name"]: _hash(models[name]) for name in sorted(names)} for version, names in found.items()}


def _hash(node: Any) -> str:
    sql = re.sub(r"--[^\n]*", "", node["compiled_code"]).replace(f'"{node["database"]}".', "")
    return hashlib.sha256(" ".join(sql.split()).encode()).hexdigest()[:12]


def test_models_that_compute_something_else_have_another_version(factory: Factory) -> None:
    factory.dbt("compile")
    manifest = json.loads((factory.target / "manifest.json").read_text())
    variables = yaml.safe_load(Path(ROOT, "dbt_project.yml").read_text())["vars"]
    now = {version: {"version": variables[version], "models": hashes} for version, hashes in computed(manifest).items()}
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    for version, state in now.items():
        before = recorded.get(version, {"version": 0, "models": {}})
        changed = sorted(name for name in state["models"] if state["models"][name] != before["models"].get(name))
        assert not changed or state["version"] > before["version"], f"{changed} changed: raise {version} in dbt_project.yml"
    if os.environ.get("RECORD_VERSIONS"):
        RECORD.write_text(json.dumps(now, indent=1) + "\n")
    else:
        assert now == recorded, "record the versions: RECORD_VERSIONS=1 make test ARGS=tests/test_versions.py"
