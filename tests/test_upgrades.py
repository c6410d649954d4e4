"""Upgrades rebuild in place what they must."""

import json
import re
from pathlib import Path

from operation.grants import grant
from tests import past, reference
from tests.factory import Factory
from tests.test_constraints import declared, existing
from tests.test_marts import CENTRES, expect_marts

PLACES = "select tableoid::regclass::text, ctid::text, xmin::text from {} order by 1, 2"
WORKLISTS = ("int_fichiers_a_lire", "int_sessions_a_construire", "int_erp_a_lire")


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a text that occurs once in a file."""
    content = path.read_text()
    assert content.count(old) == 1
    path.write_text(content.replace(old, new))


def marts(factory: Factory) -> dict[str, list[str]]:
    """All marts except the alerts, which contain the time of the last run."""
    return {table: rows for table, rows in factory.snapshot().items() if table != "alertes"}


def listed(factory: Factory) -> list[int]:
    """How many keys each worklist has held last."""
    return [factory.ask(f"select count(*) from intermediate.{worklist}")[0][0] for worklist in WORKLISTS]


def test_a_version_raised_makes_everything_anew_in_place_and_a_comment_nothing(factory: Factory) -> None:
    models = factory.own_project() / "dbt_project" / "models"
    past.begin(factory)
    factory.ask("create view public.pieces as select count(*) as n, sum(length(details)) as longueur from marts.piece_production")
    ((pieces, length),) = factory.ask("select * from public.pieces")
    before = marts(factory)
    tables = ["marts.session_production", "marts.periode_arret", "marts.commandes_volets", "intermediate.int_lignes"]
    written = [factory.ask(PLACES.format(table)) for table in tables]

    for model in models.rglob("*.sql"):
        model.write_text("-- Relu.\n" + model.read_text() + "\n-- Relu encore.\n")
    factory.build_only()
    assert listed(factory) == [0, 0, 0]

    factory.build_only("--vars", json.dumps({"version_lecture": 8, "version_modeles": 8}))
    assert listed(factory) == [6, 4, 1]
    assert marts(factory) == before
    # Rows that are the same are not written; lines carry the version of the reading rules.
    assert [factory.ask(PLACES.format(table)) for table in tables[:3]] == written[:3]
    assert factory.ask("select distinct version_lecture from intermediate.int_lignes") == [(8,)]

    rewrite(
        models / "intermediate/production/int_pieces.sql",
        "        details,\n        nullif(",
        "        details || '!' as details,\n        nullif(",
    )
    factory.build_only("--vars", json.dumps({"version_lecture": 8, "version_modeles": 9}))
    assert factory.ask("select * from public.pieces") == [(pieces, length + pieces)]


def test_a_new_column_is_filled_and_readers_are_kept(factory: Factory) -> None:
    project = factory.own_project() / "dbt_project"
    production, seeds = project / "models" / "marts" / "production", project / "seeds"
    past.begin(factory)
    factory.ask("create view marts.longueurs as select reference, longueur from marts.job_profil")
    rewrite(
        production / "job_profil.sql",
        "        timestamp_debut\n",
        "        timestamp_debut,\n        (longueur / 1000)::numeric(14, 3) as en_metres\n",
    )
    profils = (
        "  - name: job_profil\n    description: >\n      Les barres de profilé prises. Une ligne par barre prise.\n    columns:\n"
    )
    en_metres = (
        "      - name: en_metres\n        data_type: numeric(14,3)\n        description: En mètres.\n"
        "        constraints: [{type: not_null}]\n"
    )
    rewrite(production / "_production__models.yml", profils, profils + en_metres)
    lines = (seeds / "centres.csv").read_text().splitlines()
    (seeds / "centres.csv").write_text("\n".join([lines[0] + ",atelier", *(line + ",1" for line in lines[1:])]) + "\n")
    rewrite(project / "models" / "_seeds.yml", "        actif: boolean\n", "        actif: boolean\n        atelier: integer\n")
    factory.build_only()
    assert factory.ask("select bool_and(en_metres = round(longueur / 1000, 3)), count(*) > 0 from marts.job_profil") == [
        (True, True)
    ]
    assert factory.ask("select distinct atelier from seeds.centres") == [(1,)]
    assert factory.ask("select count(*) from marts.longueurs") == factory.ask("select count(*) from marts.job_profil")
    assert existing(factory) == declared(factory)


def test_what_somebody_has_dropped_comes_back_filled(factory: Factory) -> None:
    past.begin(factory)
    before = marts(factory)
    columns = factory.ask("select id, taux_attente from marts.session_production order by 1")
    factory.ask("alter table marts.session_production drop column taux_attente cascade; drop table marts.periode_attente cascade")
    factory.build_only()
    assert factory.ask("select id, taux_attente from marts.session_production order by 1") == columns
    assert marts(factory).keys() == before.keys()
    assert marts(factory)["periode_attente"] == before["periode_attente"]
    assert existing(factory) == declared(factory)
    factory.ask("drop schema marts cascade")
    grant(factory.environment)
    factory.build_only()
    assert marts(factory) == before


def test_columns_that_a_version_retires_are_dropped_unless_a_view_reads_them(factory: Factory) -> None:
    past.begin(factory)
    before = marts(factory)
    # As the version before had them.
    factory.ask(
        "drop view marts.alertes;"  # which did not read it
        "alter table marts.production_journaliere alter plus_long_arret type numeric, alter plus_longue_attente type numeric,"
        " add temps_cycle_median numeric(14,2), add date_precedente date, drop temps_cycle_median_secondes, drop centre;"
        "alter table marts.production_profil add temps_cycle_moyen numeric(14,2), drop temps_cycle_moyen_secondes;"
        "update marts.production_journaliere set plus_long_arret = 3600 * plus_long_arret;"
        "create view public.journees as select * from marts.production_journaliere;"
        "create view public.profils as select temps_cycle_moyen from marts.production_profil;"
        "create view public.pieces as select pieces from marts.production_journaliere"
    )
    failed = factory.dbt("build", expect=False)
    told = "this version drops columns that are read by journees, profils: drop these views, build, and create them again"
    assert told in str(failed.exception)
    factory.ask("drop view public.journees, public.profils")
    factory.build_only()
    assert {table: len(rows) for table, rows in marts(factory).items()} == {table: len(rows) for table, rows in before.items()}
    columns = "select array_agg(attname::text) from pg_attribute where attrelid = %s::regclass and not attisdropped"
    ((found,),) = factory.ask(columns, ("marts.production_journaliere",))
    assert {"centre", "plus_long_arret", "temps_cycle_median_secondes"} <= {*found}
    assert not {"temps_cycle_median", "date_precedente"} & {*found}
    assert factory.ask("select sum(pieces) from public.pieces") == factory.ask(
        "select sum(pieces) from marts.production_journaliere"
    )
    expect_marts(factory, reference.marts(past.LOGS, CENTRES, past.ERP))


def test_rows_in_the_way_of_a_key_are_named_and_nothing_is_deleted(factory: Factory) -> None:
    past.begin(factory)
    sound = marts(factory)
    ((session,),) = factory.ask("select id from marts.session_production order by id limit 1")
    keys = factory.ask(
        "select conrelid::regclass::text, conname from pg_constraint"
        " where connamespace = 'marts'::regnamespace and contype in ('p', 'f', 'u') order by contype"
    )
    for table, key in keys:
        factory.ask(f'alter table {table} drop constraint "{key}" cascade')
    factory.ask(
        "alter table marts.periode_arret alter column session_id drop not null;"
        "insert into marts.piece_production select * from marts.piece_production limit 3;"
        "update marts.periode_attente set session_id = '00000000-0000-0000-0000-00000000dead'"
        " where ctid = (select max(ctid) from marts.periode_attente);"
        "insert into marts.periode_arret (id, timestamp_debut, timestamp_fin, duree_secondes)"
        " select gen_random_uuid(), timestamp_debut, timestamp_fin, duree_secondes from marts.periode_arret limit 1"
    )
    damaged = marts(factory)
    failed = factory.dbt("build", expect=False)
    said = str(failed.exception)
    assert re.search(r"marts.piece_production has no PRIMARY KEY \(id\): Key \(id\)=\(.*\) is duplicated", said)
    assert "marts.periode_attente has no FOREIGN KEY (session_id): Key (session_id)=(00000000-0000-0000-0000-00000000dead)" in said
    assert "marts.periode_arret has no NOT NULL (session_id): 1 rows without it, such as (" in said
    assert marts(factory) == damaged
    # All others are back.
    missing = declared(factory) - existing(factory)
    assert missing == {
        ("p", "piece_production", "id", ""),
        ("u", "piece_production", "session_id,numero_piece", ""),
        ("f", "periode_attente", "session_id", "session_production"),
        ("n", "periode_arret", "session_id", ""),
    }

    factory.ask(
        "delete from marts.piece_production"
        " where ctid in (select max(ctid) from marts.piece_production group by id having count(*) > 1);"
        "delete from marts.periode_arret where session_id is null;"
        "delete from marts.periode_attente where session_id = '00000000-0000-0000-0000-00000000dead'"
    )
    factory.build_only("--full-refresh")
    assert existing(factory) == declared(factory)
    assert marts(factory) == sound
    assert session
