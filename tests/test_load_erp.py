"""The ERP loader against a real MariaDB: what arrives, what is written, what is reported."""

import random
from typing import Any

import pytest

from tests import generator
from tests.factory import ERP_DDL, Factory

ORDERS: list[dict[str, Any]] = [
    {"id": "K1", "aunummer": 1, "aualpha": "A", "aufstatus": "planifié", "kommission": "Dupont"},
    {"id": "K2", "aunummer": None, "aualpha": None, "aufstatus": "", "kommission": "NUL \0 inside"},
]
LAST_RUN = (
    "select outcome, found, loaded, unchanged, failed, rows from raw.load_runs where source = 'erp' order by run_id desc limit 1"
)


def raw(factory: Factory, table: str) -> list[str]:
    columns = factory.ask(
        "select string_agg(quote_ident(column_name), ', ' order by column_name) from information_schema.columns"
        " where table_schema = 'raw' and table_name = %s and column_name <> '_loaded_at'",
        (table,),
    )[0][0]
    return [text for (text,) in factory.ask(f"select row({columns})::text from raw.{table} order by 1")]


def places(factory: Factory) -> list[Any]:
    return [factory.ask(f"select ctid::text, xmin::text from raw.{table} order by 1") for table in ERP_DDL]


def test_all_columns_arrive_with_the_values_of_the_source(factory: Factory) -> None:
    ddl = dict(ERP_DDL)
    ddl["a_kopf"] = (
        "id varchar(32) primary key, AUNUMMER int, aualpha varchar(10) character set latin1, aufstatus text, kommission text,"
        " `Größe mm` float, big bigint unsigned, price decimal(20,6), day date, moment datetime(3), blob_ blob, bits bit(10),"
        " kind enum('a','b'), flags set('x','y'), doc json, dbl double, t time, y year, `select` text, `with \"quote` text"
    )
    row = {
        "id": "K1", "AUNUMMER": -5, "aualpha": "é", "aufstatus": "tab\t\\N \"'", "kommission": "€ 🪟", "Größe mm": 1.1,
        "big": 2**64 - 1, "price": "12345678901234.000001", "day": "0000-00-00", "moment": "2024-02-29 23:59:59.123",
        "blob_": b"\x00\xff", "bits": b"\x01", "kind": "b", "flags": "x,y", "doc": '{"a": 1}', "dbl": 0.1, "t": "-12:34:56",
        "y": 1999, "select": "", "with \"quote": None,
    }  # fmt: skip
    factory.put_erp({"a_kopf": [row]}, ddl)
    factory.load("erp")
    assert factory.ask(
        'select id, aunummer, aualpha, aufstatus, kommission, "Größe mm"::numeric::numeric(5,2)::text, big, price, day, moment,'
        ' blob_, bits, kind, flags, doc::jsonb, dbl, t, y, "select", "with ""quote" from raw.a_kopf'
    ) == [
        (
            "K1", "-5", "é", "tab\t\\N \"'", "€ 🪟", "1.10", "18446744073709551615", "12345678901234.000001", "0000-00-00",
            "2024-02-29 23:59:59.123", "00FF", "1", "b", "x,y", {"a": 1}, "0.1", "-12:34:56", "1999", "", None,
        )
    ]  # fmt: skip


def test_a_legacy_latin1_column_that_holds_utf8_arrives_as_it_reads(factory: Factory) -> None:
    factory.put_erp(
        {},
        {
            **ERP_DDL,
            "a_logbuch": "id int auto_increment primary key, id_a_kopf varchar(32), datum datetime, "
            "notiz text character set latin1",
        },
    )
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into a_logbuch (id_a_kopf, notiz) values ('K1', convert(_binary'Planifi\xc3\xa9e' using latin1))".encode(
                "latin-1"
            )
        )
        connection.commit()
    factory.load("erp")
    assert factory.ask("select notiz from raw.a_logbuch") == [("PlanifiÃ©e",)]


def test_an_unchanged_erp_rewrites_nothing_and_a_changed_one_only_what_differs(factory: Factory) -> None:
    rng = random.Random(3)
    erp = generator.random_erp(rng, orders=40)
    factory.put_erp(erp)
    factory.load("erp")
    before, content = places(factory), [raw(factory, table) for table in ERP_DDL]
    factory.load("erp")
    assert places(factory) == before
    assert factory.ask(LAST_RUN) == [("ok", 4, 0, 4, 0, 0)]

    later, _ = generator.change_erp(rng, erp)
    factory.put_erp(later)
    factory.load("erp")
    incremental = [raw(factory, table) for table in ERP_DDL]
    assert incremental != content
    kept = {row for rows in before for row in rows} & {row for rows in places(factory) for row in rows}
    assert kept, "every row was rewritten"
    factory.ask("truncate raw.a_kopf, raw.a_logbuch, raw.p_zubeh, raw.a_vorgang")
    factory.load("erp")
    assert [raw(factory, table) for table in ERP_DDL] == incremental


def test_repeated_rows_are_copied_as_often_as_they_stand_there(factory: Factory) -> None:
    twin = {"id_a_kopf": "K1", "zcode": "VR1", "text": None}
    for count in (3, 1, 4, 0, 2):
        factory.put_erp({"p_zubeh": [twin] * count})
        factory.load("erp")
        assert factory.ask("select count(*) from raw.p_zubeh") == [(count,)]


def test_columns_that_come_go_and_change_their_type(factory: Factory) -> None:
    factory.put_erp({"a_kopf": [{**ORDERS[0], "farbe": "weiß"}, ORDERS[1]]})
    factory.load("erp")
    wider = {
        **ERP_DDL,
        "a_kopf": "id varchar(64) primary key, aunummer bigint, aualpha text, aufstatus text, kommission text, neu decimal(5,2)",
    }
    factory.put_erp({"a_kopf": [{**ORDERS[0], "aunummer": 2**40, "neu": "1.50"}, ORDERS[1]]}, wider)
    factory.load("erp")
    rows = factory.ask("select id, aunummer, neu, farbe from raw.a_kopf order by id")
    assert rows == [("K1", str(2**40), "1.50", None), ("K2", None, None, None)]
    columns = factory.ask("select column_name from information_schema.columns where table_schema = 'raw' and table_name = 'a_kopf'")
    assert {name for (name,) in columns} == {"id", "aunummer", "aualpha", "aufstatus", "kommission", "farbe", "neu", "_loaded_at"}


def test_columns_whose_names_postgresql_cannot_take_arrive_all_the_same(factory: Factory) -> None:
    long = "x" * 63
    columns = ["xmin", "_loaded_at", "a%b", "c{d}", "e'f", "Xmin2", f"{long}a", f"{long}b"]
    factory.put_erp(
        {"p_zubeh": [{"id_a_kopf": "K1", "zcode": "VR", "text": "t"} | {name: str(place) for place, name in enumerate(columns)}]},
        {**ERP_DDL, "p_zubeh": ERP_DDL["p_zubeh"] + "".join(f", `{name}` int" for name in columns)},
    )
    factory.load("erp")
    factory.load("erp")
    names = ["xmin_", "_loaded_at_", "a%b", "c{d}", "e'f", "Xmin2", long, f"{long[:-1]}_"]
    quoted = ", ".join(f'"{name}"' for name in names)
    assert factory.ask(f"select {quoted} from raw.p_zubeh") == [tuple("01234567")]


def test_a_missing_table_or_column_is_named_and_the_rest_is_loaded(factory: Factory) -> None:
    factory.put_erp({"a_kopf": ORDERS, "a_vorgang": []}, {**ERP_DDL, "p_zubeh": "id_a_kopf varchar(32), zcode varchar(20)"})
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute("drop table a_logbuch")
    said = factory.load("erp", expect=1)
    assert "table a_logbuch is missing" in said
    assert "table p_zubeh has no column text" in said
    assert factory.ask("select count(*) from raw.a_kopf") == [(2,)]
    assert factory.ask(LAST_RUN) == [("partial", 2, 1, 1, 2, 2)]


def test_a_needed_column_that_holds_no_text_any_more_is_named_and_the_rest_is_loaded(factory: Factory) -> None:
    factory.put_erp({"a_kopf": [], "a_logbuch": [{"id_a_kopf": "K1", "notiz": "cde Planifiée"}]})
    factory.load("erp")
    retyped = {
        **ERP_DDL,
        "a_logbuch": "id_a_kopf varchar(32), datum datetime, Notiz blob",
        "p_zubeh": "id_a_kopf varbinary(32), zcode bit(8), text text",
    }
    factory.put_erp({"a_kopf": ORDERS, "a_logbuch": [{"id_a_kopf": "K1", "Notiz": "new"}]}, retyped)
    said = factory.load("erp", expect=1)
    assert "table a_logbuch: Notiz is blob, where the models need a text, number or date" in said
    assert "table p_zubeh: id_a_kopf is varbinary, zcode is bit, where" in said
    assert factory.ask("select notiz from raw.a_logbuch") == [("cde Planifiée",)]
    assert factory.ask("select count(*) from raw.a_kopf") == [(2,)]
    assert factory.ask(LAST_RUN) == [("partial", 2, 1, 1, 2, 2)]


def test_columns_in_another_order_and_another_case_are_the_same_columns(factory: Factory) -> None:
    rows = [{**ORDERS[0], "farbe": "weiß"}, {**ORDERS[1], "farbe": "grau"}]
    factory.put_erp({"a_kopf": rows})
    factory.load("erp")
    before = places(factory)
    turned = (
        "FARBE varchar(20), kommission text, AUFSTATUS text, Aualpha varchar(10), aunummer bigint unsigned, ID char(40) primary key"
    )
    factory.put_erp({"a_kopf": rows}, {**ERP_DDL, "a_kopf": turned})
    factory.load("erp")
    assert places(factory) == before
    assert factory.ask(LAST_RUN) == [("ok", 4, 0, 4, 0, 0)]


def test_a_column_that_is_gone_is_said_to_be_and_comes_back(factory: Factory) -> None:
    orders = [{**ORDERS[0], "farbe": "weiß"}]
    factory.put_erp({"a_kopf": orders})
    factory.load("erp")
    factory.put_erp({"a_kopf": ORDERS[:1]}, {**ERP_DDL, "a_kopf": ERP_DDL["a_kopf"].removesuffix(", farbe varchar(20)")})
    said = "a_kopf: column farbe is gone from the ERP, and is NULL in raw now"
    assert said in factory.load("erp")
    assert factory.ask("select id, farbe from raw.a_kopf") == [("K1", None)]
    assert said not in factory.load("erp")
    factory.put_erp({"a_kopf": orders})
    factory.load("erp")
    assert factory.ask("select id, farbe from raw.a_kopf") == [("K1", "weiß")]


def test_what_another_type_keeps_from_the_marts_is_said_by_the_build_and_breaks_nothing(factory: Factory) -> None:
    """What can be read is; what cannot is NULL or left out, and a warning has the order, the column and the value."""
    retyped = {
        "a_kopf": "id varchar(64), aunummer decimal(20,2), aualpha year, aufstatus enum('offen'), kommission set('a','b')",
        "a_logbuch": "id_a_kopf varchar(64), datum varchar(40), notiz varchar(200)",
        "p_zubeh": "id_a_kopf varchar(64), zcode enum('VR1'), text double",
        "a_vorgang": "id_a_kopf varchar(64), nummer bigint unsigned, bezeichnung date",
    }
    dates = {
        "good": "2024-03-01",
        "zero": "0000-00-00 00:00:00",
        "none": None,
        "odd": "01.03.2024",
        "late": "2024-03-01 08:00:00",
        "x" * 33: "",
    }
    numbers = {"good": "12.00", "zero": "0", "none": None, "odd": "1.50", "late": "2147483648", "x" * 33: "7"}
    factory.put_erp(
        {
            "a_kopf": [
                {"id": key, "aunummer": number, "aualpha": "1999", "aufstatus": "offen", "kommission": "a,b"}
                for key, number in numbers.items()
            ],
            "a_logbuch": [{"id_a_kopf": key, "datum": datum, "notiz": "cde Planifiée"} for key, datum in dates.items()],
            "p_zubeh": [{"id_a_kopf": key, "zcode": "VR1", "text": "0.1"} for key in dates],
            "a_vorgang": [{"id_a_kopf": key, "nummer": str(2**64 - 1), "bezeichnung": "2024-03-01"} for key in dates],
        },
        retyped,
    )
    factory.load("erp")
    results: Any = factory.build("--select", "+valeurs_erp_lisibles", "--exclude", "test_type:unit").result
    expected = {
        "good": (12, "2024-03-01 00:00:00"),
        "zero": (0, None),
        "none": (None, None),
        "odd": (None, None),
        "late": (None, "2024-03-01 08:00:00"),
    }
    columns = (
        "id_commande, numero_commande, date_modification::text, extension, statut, affaire, code_accessoire, description_accessoire"
    )
    assert sorted(factory.ask(f"select {columns}, numero_operation, description_operation from marts.commandes_volets")) == sorted(
        (key, number, date, "1999", "offen", "a,b", "VR1", "0.1", str(2**64 - 1), "2024-03-01")
        for key, (number, date) in expected.items()
    )
    (warning,) = [run for run in results if run.node.name == "valeurs_erp_lisibles"]
    assert (warning.status, warning.failures) == ("warn", 5)
    assert sorted(factory.ask(warning.node.compiled_code)) == sorted(
        [
            ("late", "aunummer", "2147483648.00"),
            ("odd", "aunummer", "1.50"),
            ("odd", "datum", "01.03.2024"),
            ("x" * 33, "datum", ""),
            ("x" * 33, "id", "x" * 33),
        ]
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MYSQL_PASSWORD", "wrong-password"),
        ("MYSQL_PASSWORD", "wrong-password €"),
        ("MYSQL_HOST", "x" * 70),
        ("MYSQL_DB", "nowhere"),
        ("MYSQL_USER", ""),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_without_the_password(factory: Factory, variable: str, value: str) -> None:
    said = factory.load("erp", expect=1, **{variable: value})
    assert len(said.strip().splitlines()) == 1
    assert "MySQL" in said or variable in said
    assert "wrong-password" not in said
    assert factory.environment["MYSQL_PASSWORD"] not in said


def test_one_source_that_is_gone_does_not_keep_the_other_from_loading(factory: Factory) -> None:
    factory.put_logs({("DEM12 (PVC)", "20250526.LOG"): b"x\n"})
    said = factory.load(expect=1, MYSQL_PORT="1")
    assert factory.ask("select count(*) from raw.log_lines") == [(1,)]
    assert "logs: 1 found, 1 loaded" in said
    assert "MySQL 127.0.0.1:1/" in said
