"""Every constraint that the YAML declares is in `pg_constraint`, whatever kind of build came last."""

import json
import random

import pytest

from tests import generator
from tests.factory import Factory

KINDS = {"primary_key": "p", "unique": "u", "foreign_key": "f"}


def declared(factory: Factory) -> set[tuple[str, ...]]:
    """The keys and NOT NULLs in the manifest: kind, table, columns, and the table referred to."""
    factory.dbt("parse")
    manifest = json.loads((factory.target / "manifest.json").read_text())
    found: set[tuple[str, ...]] = set()
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or not node["config"]["contract"]["enforced"]:
            continue
        constraints = [(c, c["columns"]) for c in node["constraints"]]
        constraints += [(c, [name]) for name, column in node["columns"].items() for c in column["constraints"]]
        for constraint, columns in constraints:
            if constraint["type"] == "not_null":
                found.add(("n", node["alias"], columns[0], ""))
            else:
                target = (constraint["to"] or "").replace("ref('", "").rstrip("')").split('"."')[-1].strip('"')
                found.add((KINDS[constraint["type"]], node["alias"], ",".join(columns), target))
    return found


def existing(factory: Factory) -> set[tuple[str, ...]]:
    """The same of what PostgreSQL has. NOT NULLs stand in `pg_attribute`: only PostgreSQL 18 lists them as constraints."""
    rows = factory.ask("""
        select c.contype::text, r.relname::text,
            (select string_agg(a.attname, ',' order by k.n) from unnest(c.conkey) with ordinality k (num, n)
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num),
            coalesce(f.relname::text, '')
        from pg_constraint c join pg_class r on r.oid = c.conrelid left join pg_class f on f.oid = c.confrelid
        where r.relnamespace = 'marts'::regnamespace and c.contype in ('p', 'u', 'f') and c.convalidated
        union all
        select 'n', r.relname::text, a.attname::text, ''
        from pg_attribute a join pg_class r on r.oid = a.attrelid
        where r.relnamespace = 'marts'::regnamespace and r.relkind = 'r' and a.attnum > 0 and a.attnotnull
    """)
    return set(rows)


PARENTS = ["centre_usinage", "session_production", "job_profil", "commandes_volets"]


@pytest.mark.parametrize("builds", [pytest.param(None, id="one after the other")])
def test_declared_constraints_exist_after_every_kind_of_build(factory: Factory, builds: None) -> None:
    rng = random.Random(7)
    logs = generator.random_logs(rng, days=2, lines=20)
    erp = generator.random_erp(rng, orders=15)
    factory.put_logs(logs)
    factory.put_erp(erp)
    factory.load()
    kinds: list[list[str]] = [[], [], ["--full-refresh"], []]
    kinds += [words for parent in PARENTS for words in (["--select", parent], ["--select", parent, "--full-refresh"])]
    kinds += [["--select", "piece_production", "--full-refresh"], ["--select", "commandes_volets_accessoires"], []]
    expected = declared(factory)
    for words in kinds:
        factory.build_only(*words)
        assert existing(factory) == expected, words


def test_a_parent_rebuilt_alone_leaves_no_child_without_a_parent(factory: Factory) -> None:
    rng = random.Random(8)
    logs = generator.random_logs(rng, days=2, lines=20)
    factory.put_logs(logs)
    factory.load("logs")
    factory.build()
    changed, _ = generator.change_logs(rng, logs)
    factory.put_logs(changed)
    factory.load("logs")
    factory.build_only("--select", "+session_production", "--full-refresh")
    assert existing(factory) == declared(factory)
    factory.build()
    incremental = factory.snapshot()
    factory.build_only("--full-refresh")
    assert factory.snapshot() == incremental
    assert existing(factory) == declared(factory)
