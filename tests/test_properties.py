"""Property tests: whatever a machine or an ERP user writes, no load and no build fails, no line is lost, and the marts are right.

hypothesis makes up lines, files and texts by the thousand. One load and one build take as long for all of them as for one, so they
are drawn first, always the same for the same seed, and then go through the real loaders and the real dbt build together. What fails
names the file and the line, or the row.
"""

import io
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import pymysql
import pymysql.converters
import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from loaders.logs import lines_of
from tests import reference
from tests.factory import Factory, comparable
from tests.generator import CENTRES as FOLDERS
from tests.generator import UNKNOWN_FOLDER
from tests.test_marts import CENTRES

Logs = dict[tuple[str, str], bytes]
Erp = dict[str, list[dict[str, str | None]]]

# --------------------------------------------------------------------------------------------------
# What a machine may write
# --------------------------------------------------------------------------------------------------

BLANKS = ["", " ", "\t", "\v\f", "\r", "  \t ", "\u00a0", "\u0085", "\u2003", "\x1c"]
DAYS = [
    *("20250528", "20250529", "20250530", "20240229", "20230229", "20250431"),
    *("00010101", "00010102", "99991230", "99991231", "00000101"),
]
TIMES = ["00:00:00", "04:59:59", "05:00:00", "08:00:00", "12:00:00", "23:59:59", "24:00:00", "23:59:60", "25:61:61"]
EVENTS = ["StukUitgevoerd", "MachineWait", "MachineWait", "MachineStop", "MachineStart", "JobProfiel", "JobProfiel"]
# Lines on which a careless regular expression never ends.
UNITS = [
    *("1", "0", "9", "1 ", "-", " -1", "1.", "1,1 ", "sec", "1 sec ", " ", "\t", "\r", "\0", ":", "|@", "a:", "é", "\u0301", "🪟"),
    *("R:", " R:1", " L:1", " C:", "C: ", " a:", "R:1 L:2 C:3 ", "\\", "'", '"', "{{", "%s", "\\N", "\u202e", "Ã©", "ÃƒÂ"),
]
# Invalid UTF-8: undefined bytes of Windows-1252, truncated characters, surrogates, overlong forms, beyond the last code point.
ODD_BYTES = [
    *(b"\x81", b"\x8d\x8f", b"\x90\x9d", b"\xff\xfe", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\xaf"),
    *(b"\xf4\x90\x80\x80", b"\xef\xbb\xbf"),
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
repeated = st.builds(lambda unit, times: unit * times, st.sampled_from(UNITS), st.integers(0, 600))
digits = st.one_of(
    st.text("0123456789", min_size=1, max_size=6),
    st.builds(lambda digit, times: digit * times, st.sampled_from("0123456789"), st.integers(1, 420)),
)
numbers = st.one_of(
    digits,
    st.builds("{}{}{}".format, digits, st.sampled_from([".", ","]), digits),
    st.builds("0{}{}1".format, st.sampled_from([".", ","]), st.integers(0, 420).map(lambda zeros: "0" * zeros)),
    st.sampled_from(
        ["86400", "86400.0000001", "86399.9999999", "0.0000005", "0.1799999", "999999999999.995", "1e308", "NaN", "Infinity", "٣"]
    ),
)
waits = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", " -", "x", "10 min "]),
    numbers,
    st.sampled_from(BLANKS),
    st.sampled_from(["", "sec", "SEC", "s"]),
)
keys = st.builds("{}:{}".format, st.sampled_from("RLCRLCx1"), st.one_of(numbers, texts, st.just(""), st.just("7016 G ALU")))
profiles = st.one_of(
    st.lists(keys, max_size=6).map(" ".join),
    st.builds("R:{} L:{} C:{}".format, st.one_of(digits, repeated), numbers, st.one_of(texts, repeated)),
)
details = st.one_of(waits, waits, profiles, profiles, texts, repeated)


@st.composite
def near_lines(draw: st.DrawFn) -> bytes:
    """A line that is an event, or nearly: its parts from what machines write, and what they should not."""

    def blank() -> str:
        return draw(st.sampled_from(BLANKS)) if draw(st.integers(0, 9)) == 0 else ""

    day = draw(st.one_of(st.sampled_from(DAYS), st.sampled_from(DAYS[:3]), st.text("0123456789", min_size=8, max_size=8)))
    time = draw(st.one_of(st.sampled_from(TIMES), st.builds("{:02d}:{:02d}:{:02d}".format, *[st.integers(0, 59)] * 3)))
    event = draw(st.one_of(st.sampled_from(EVENTS), st.sampled_from(EVENTS), st.sampled_from(EVENTS), texts, repeated))
    line = f"{blank()}{day} {blank()}{time}{blank()}|{blank()}@{blank()}{event}{blank()}"
    if draw(st.integers(0, 4)):
        line += f":{blank()} {draw(details)}{blank()}"
    data = line.encode(draw(st.sampled_from(["utf-8", "utf-8", "cp1252", "utf-16-le"])), errors="replace")
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(data)))
        odd = draw(st.one_of(st.sampled_from(ODD_BYTES), st.binary(max_size=4)))
        data = data[:place] + odd + data[place + draw(st.integers(0, 3)) :]
    return data


lines = st.one_of(
    near_lines(),
    near_lines(),
    near_lines(),
    st.binary(max_size=60),
    repeated.map(str.encode),
    st.sampled_from([b"", b" \t", b"\0"]),
)


# Lines that once broke a build, or made a mart differ from the reference.
FOUND = [
    b"20250528 08:00:00|@MachineWait: 0." + b"0" * 400 + b"1 sec",
    b"99991231 23:59:59|@MachineWait: 86400 sec",
    b"00010101 00:00:00|@StukUitgevoerd: the first second of all",
    b"20250601 08:00:00|@StukUitgevoerd: first",
    b"20250601 08:30:00|@MachineWait: 0.1799999 sec",
    b"20250601 09:00:00|@StukUitgevoerd: last",
]


def in_files(rng: random.Random, drawn: Sequence[bytes], per_file: int) -> Logs:
    """Put lines into files of all centres and of a folder that no centre declares, line ends and byte-order marks by chance."""
    logs: Logs = {}
    folders = [*(str(centre["dossier"]) for centre in FOLDERS), UNKNOWN_FOLDER]
    for number, start in enumerate(range(0, len(drawn), per_file)):
        ends = rng.choice([[b"\r\n"], [b"\n"], [b"\r\n", b"\n", b"\r\r\n", b"\n\n"]])
        content = b"".join(line + rng.choice(ends) for line in drawn[start : start + per_file])
        mark = rng.choice([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\0"])
        logs[folders[number % 4], f"{20250500 + number // 4}.LOG"] = mark + content[: rng.choice([None, -1, -3])]
    return logs


def changed(rng: random.Random, logs: Logs, drawn: Sequence[bytes]) -> Logs:
    """A later state of the same files: some grown, cut, with some bytes altered, or emptied; most as they were."""
    later = dict(logs)
    for key in rng.sample(sorted(logs), len(logs) // 3):
        content = logs[key]
        place = rng.randrange(len(content) + 1)
        later[key] = rng.choice(
            [
                content + rng.choice(drawn),
                content[:place],
                content[:place] + rng.randbytes(3) + content[place + 3 :],
                content[:place] + rng.choice(drawn) + b"\n" + content[place:],
                b"",
            ]
        )
    return later


def special_files() -> Logs:
    """What must always be tried: what was too much once, and long lines in all forms on which a pattern could lose its way."""
    wait, profile, piece = (b"20250528 08:00:00|@" + event + b": " for event in (b"MachineWait", b"JobProfiel", b"StukUitgevoerd"))
    length = 200_000
    return {
        ("DEM12 (PVC)", "20250400.LOG"): b"\n".join(FOUND),
        ("DEM12 (PVC)", "20250401.LOG"): b"\n".join(
            [
                *(wait + unit * (length // len(unit)) + b" sec" for unit in (b"1", b"0", b"1 ", b" -1", b"x1", b"-", b" ")),
                *(wait + b"1" + unit * (length // len(unit)) for unit in (b" ", b"\t", b" 1", b" se")),
                *(
                    profile + unit * (length // len(unit))
                    for unit in (b" R:1", b" L:1", b" C:", b"C: ", b" a:", b"R:1 L:2 C:3 ", b"1")
                ),
                profile + b"R:" + b"x" * length + b" L:1 C:" + b"y" * length,
                profile + b" ".join(b"%c:%d" % (97 + key % 26, key) for key in range(10_000)) + b" R:1 L:2",
            ]
        ),
        ("DEM12 (PVC)", "20250402.LOG"): b"\n".join(
            [
                piece + "é".encode() * length,
                piece + "é".encode("cp1252") * length,
                piece + "🪟".encode() * (length // 2) + b"\xf0\x9f",
                b"20250528 08:00:00|@" + b"E" * length,
                b"20250528 08:00:00" + b" " * length + b"|@MachineStop",
                b"\0" * length,
                b" " * length,
                b"\r" * length,
                b"1" * length,
                b"x" * 5_000_000,
            ]
        ),
        ("DEM12 (PVC)", "20250403.LOG"): (piece + b"x\r\n") * 20_000,
    }


# --------------------------------------------------------------------------------------------------
# What an ERP user may write
# --------------------------------------------------------------------------------------------------

# Only the types of the columns that the contract counts on are loosened: a text may be typed in where a number is expected.
LOOSE_DDL = {
    "a_kopf": "id varchar(64) primary key, aunummer varchar(500), aualpha longtext, aufstatus text, kommission text",
    "a_logbuch": "id int auto_increment primary key, id_a_kopf varchar(64), datum varchar(100), notiz longtext",
    "p_zubeh": "id_a_kopf varchar(64), zcode longtext, text longtext",
    "a_vorgang": "id_a_kopf varchar(64), nummer longtext, bezeichnung longtext",
}
ERP_DATES = [
    *("2024-03-01 08:00:00", "2024-03-01", "2024-03-01 24:00:00", "2024-03-01 23:59:60", "2024-03-01T08:00:00", "20240301"),
    *("0000-00-00 00:00:00", "2024-00-15 10:00:00", "2024-05-00 10:00:00", "0000-05-12 10:00:00", "2024-02-30 10:00:00"),
    *("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.9999999", "294277-01-01 00:00:00"),
    *("01.03.2024", "infinity", "now", "", "-1"),
]
ERP_NUMBERS = [
    *("0", "-1", "2147483647", "2147483648", "-2147483648", "-2147483649", "9" * 400, "18446744073709551615", "+7", "007"),
    *("1e5", "0x10", "1_000", " 12 ", "12.00", "12.50", "1,5", "", "NaN", "12abc", "--1", "٣"),
]
NOTES = ["cde Planifiée", "CDE PLANIFIEE", "cde\u00a0Planifiée", "Réglé : cde Planifiée à 14h"]
CODES = ["VR1", "SOP", "S P2", "vŕ"]


def damage(text: str, times: int, encoding: str) -> str:
    """The text's UTF-8 bytes, read in another encoding, so many times; bytes that it leaves undefined keep their code point."""
    for _ in range(times):
        text = "".join(bytes([byte]).decode(encoding, errors="ignore") or chr(byte) for byte in text.encode())
    return text


encodings = st.sampled_from(["latin-1", "cp1252"])
erp_texts = st.one_of(
    st.none(),
    texts,
    repeated,
    # What French texts hold, sound or damaged; any sequence of what damage looks like; a third damage, of which two are repaired.
    st.builds(damage, st.text("aàâçéèêëîïôùûüœÀÉÈŒ«»’‘“”–…€° \u00a0", max_size=20), st.integers(0, 2), encodings),
    st.text("ÃÂÅÄâðï €‚ƒ†…™¬°©¨Ëœ\u00a0\u0080\u0083\u0099\u009c»¿", max_size=20),
    st.builds(damage, st.sampled_from(["Planifiée", "œuvre d'été", "12 €", "🪟"]), st.just(3), encodings),
)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """An order with its rows in the other tables, without its id. Most are shutter orders, whatever else is in them."""

    def either(sound: Sequence[str]) -> str | None:
        return draw(st.sampled_from(sound)) if draw(st.integers(0, 2)) else draw(erp_texts)

    def some(make: Callable[[], dict[str, str | None]], most: int) -> list[dict[str, str | None]]:
        return [make() for _ in range(draw(st.integers(0, most)))]

    return {
        "a_kopf": {
            "aunummer": either(ERP_NUMBERS),
            "aualpha": draw(erp_texts),
            "aufstatus": draw(erp_texts),
            "kommission": draw(erp_texts),
        },
        "a_logbuch": some(lambda: {"datum": either(ERP_DATES), "notiz": either(NOTES)}, 3),
        "p_zubeh": some(lambda: {"zcode": either(CODES), "text": draw(erp_texts)}, 3),
        "a_vorgang": some(lambda: {"nummer": either([*ERP_NUMBERS, "5", "20", "100"]), "bezeichnung": draw(erp_texts)}, 4),
    }


def erp_of(rng: random.Random, drawn: Sequence[Mapping[str, Any]]) -> Erp:
    """The four tables of some orders, whose ids are odd here and there."""
    erp: Erp = {table: [] for table in LOOSE_DDL}
    for number, order in enumerate(drawn):
        order_id = rng.choice(
            [f"{number}", f"é{number}", f"'{number}\"", f"{number}".rjust(32), f"{number}🪟", f"{number:033d}", f"{number:064d}"]
        )
        erp["a_kopf"].append({"id": order_id, **order["a_kopf"]})
        for table in ("a_logbuch", "p_zubeh", "a_vorgang"):
            erp[table] += [{"id_a_kopf": order_id, **row} for row in order[table]]
    return erp


def long_order() -> dict[str, Any]:
    """An order with texts longer than an index allows."""
    long = {
        "plain": "x",
        "damage": "Ã©",
        "twice": "ÃƒÂ©",
        "leads": "Ã",
        "wide": "🪟",
        "marks": "\u0316\u0301",
        "ligature": "\ufdfa",
        "nul": "\0",
    }
    return {
        "a_kopf": {"aunummer": "1", "aualpha": "x" * 2_000_000, "aufstatus": "é" * 30_000, "kommission": "Ã©" * 16_000},
        "a_logbuch": [{"datum": "2024-03-01 08:00:00", "notiz": "cde Planifiée " + unit * 16_000} for unit in long.values()],
        "p_zubeh": [{"zcode": "VR" + unit * 16_000, "text": unit * 16_000} for unit in long.values()],
        "a_vorgang": [{"nummer": unit * 16_000, "bezeichnung": unit * 16_000} for unit in long.values()],
    }


# --------------------------------------------------------------------------------------------------
# The properties
# --------------------------------------------------------------------------------------------------


def examples_of(strategy: st.SearchStrategy[Any], count: int, number: int) -> list[Any]:
    """Examples of a strategy, the same for the same seed."""
    examples = []

    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(value: Any) -> None:
        examples.append(value)

    collect()
    return examples


def stored(factory: Factory) -> Erp:
    """What the ERP made of the rows it was given."""
    erp: Erp = {}
    reader = pymysql.connect(**factory.stack.erp_admin, charset="utf8mb4", conv={**pymysql.converters.encoders})  # type: ignore[dict-item]
    with closing(reader), reader.cursor(pymysql.cursors.DictCursor) as cursor:
        for table in LOOSE_DDL:
            cursor.execute(f"select * from {table}")
            erp[table] = list(cursor.fetchall())
    return erp


def expect_every_line_accounted_for(factory: Factory) -> None:
    """Each line of each file is blank, or an event, or rejected; and all that count them agree."""
    assert (
        factory.ask(
            """
            select fichiers.*, lignes.*, lues.*, rejets.*
            from marts.suivi_chargement as fichiers
            left join lateral (
                select
                    count(*) as nb,
                    count(*) filter (where stg.ligne ~ '^[ \\t\\v\\f\\r]*$') as nb_blanches
                from staging.stg_logs__lines as stg
                where stg.dossier = fichiers.dossier and stg.fichier = fichiers.fichier
            ) as lignes on true
            left join lateral (
                select
                    count(*) as nb,
                    count(*) filter (where lues.evenement is null and lues.motif is null) as nb_sans_suite,
                    count(lues.evenement) as nb_evenements,
                    count(lues.motif) as nb_rejets
                from intermediate.int_lignes as lues
                where lues.fichier_id = md5(fichiers.dossier || '/' || fichiers.fichier)::uuid
            ) as lues on true
            left join lateral (
                select count(*) as nb from marts.lignes_rejetees as rejets
                where rejets.dossier = fichiers.dossier and rejets.fichier = fichiers.fichier
            ) as rejets on true
            where
                fichiers.nb_lignes != lignes.nb
                or fichiers.nb_lignes != lignes.nb_blanches + lues.nb
                or lues.nb_sans_suite > 0
                or fichiers.nb_evenements != lues.nb_evenements
                or fichiers.nb_rejets != lues.nb_rejets
                or fichiers.nb_rejets != rejets.nb
            """
        )
        == []
    )


def expect_same(what: str, found: Iterable[Any], expected: Iterable[Any]) -> None:
    """Two sets of rows are one; where they are not, tell the first that differ, cut to what can be read."""
    found_rows, expected_rows = Counter(map(repr, found)), Counter(map(repr, expected))
    surplus, missing = (
        [row[:1000] for row in islice((one - other).elements(), 3)]
        for one, other in ((found_rows, expected_rows), (expected_rows, found_rows))
    )
    assert not surplus, (what, surplus, missing)
    assert not missing, (what, surplus, missing)


def expect_all(factory: Factory, logs: Logs, debut_journee: str) -> None:
    """Raw, staging and every mart hold what the reference says."""
    erp = stored(factory)
    raw = reference.raw_log_lines(logs)
    expect_same("raw.log_lines", factory.ask("select folder, file_name, line_number, line from raw.log_lines"), raw)
    expect_same(
        "stg_logs__lines",
        factory.ask("select dossier, fichier, numero_ligne, ligne from staging.stg_logs__lines"),
        [(folder, name, number, reference.decode_line(line, number == 1)) for folder, name, number, line in raw],
    )
    for table, key, column, read_as in (
        ("a_kopf", "id", "kommission", "affaire"),
        ("a_logbuch", "id_a_kopf", "notiz", "note"),
        ("p_zubeh", "id_a_kopf", "zcode", "code_accessoire"),
    ):
        expect_same(
            f"stg_erp__{table}",
            factory.ask(f"select id_commande, {read_as} from staging.stg_erp__{table}"),
            [(reference.erp_id(row[key]), reference.erp_text(row[column])) for row in erp[table]],
        )
    expect_every_line_accounted_for(factory)
    names = {centre["dossier"]: centre["nom"] for centre in CENTRES}
    for mart, rows in reference.marts(logs, CENTRES, erp, debut_journee).items():
        if mart == "session_production":
            rows = [{**row, "centre": names[row["dossier"]], "postes": None} for row in rows]
        elif mart in ("piece_production", "periode_attente", "periode_arret"):
            rows = [{**row, "poste": None} for row in rows]
        expect_same(mart, comparable(factory.mart(mart)), comparable(rows))


@pytest.mark.parametrize(("number", "debut_journee"), [(1, "05:00")])
def test_no_bytes_and_no_text_break_a_build_and_no_line_is_lost(factory: Factory, number: int, debut_journee: str) -> None:
    rng = random.Random(number)
    day = ["--vars", f'{{"debut_journee": "{debut_journee}"}}']
    written = examples_of(lines, 700, number)
    logs = in_files(rng, written, per_file=40) | special_files()
    sold = examples_of(orders(), 150, number)
    factory.put_logs(logs)
    factory.put_erp(erp_of(rng, [*sold, long_order()]), LOOSE_DDL)
    factory.load()
    factory.build(*day)
    expect_all(factory, logs, debut_journee)

    logs = changed(rng, logs, written)
    factory.put_logs(logs)
    factory.put_erp(erp_of(rng, rng.sample(sold, 100)), LOOSE_DDL)
    factory.load()
    factory.build(*day)
    expect_all(factory, logs, debut_journee)
    incremental = factory.snapshot()
    factory.build_only("--full-refresh", *day)
    assert factory.snapshot() == incremental


@settings(max_examples=2_000, derandomize=True, database=None, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from([b"\r", b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xe9"]), st.binary(max_size=4))).map(
        b"".join
    ),
    st.integers(1, 9),
)
@example(b"\0", 1)
@example(b"a\r\0\n", 2)
def test_any_bytes_are_cut_into_the_lines_that_python_cuts_them_into(content: bytes, block_bytes: int) -> None:
    cut = [line for some in lines_of(io.BytesIO(content), block_bytes) for line in some]
    assert cut == reference.split_lines(content)
