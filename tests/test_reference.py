"""The reference against every example of the contract, so that it can be trusted."""

import random
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.generator import CENTRES, change_erp, change_logs, random_erp, random_logs
from tests.reference import (
    CONTINUATION_BYTES,
    Profile,
    decode_line,
    is_log_file,
    is_planning,
    is_shutter,
    marts,
    net_metrics,
    operation_order,
    pair_stops,
    parse_line,
    planned_week,
    profile,
    raw_log_lines,
    repair_erp,
    round_half_away,
    wait_seconds,
)

DEM12 = "DEM12 (PVC)"
NO_ERP: dict[str, list[dict[str, object]]] = {"a_kopf": [], "a_logbuch": [], "p_zubeh": [], "a_vorgang": []}


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"2025-05-28 {time}")


def log(*lines: str, end: str = "\r\n") -> bytes:
    """A file of events, each given as `08:00:00 Name: details`."""
    return "".join(f"20250528 {line[:8]}|@{line[9:]}{end}" for line in lines).encode()


def production(*lines: str, debut_journee: str = "00:00") -> dict[str, list[dict[str, object]]]:
    return marts({(DEM12, "20250528.LOG"): log(*lines)}, CENTRES, NO_ERP, debut_journee)


def session(*lines: str) -> dict[str, object]:
    (row,) = production(*lines)["session_production"]
    return row


def columns(rows: list[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# --- raw -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a\r\nb\nc", ["a", "b", "c"]),
        (b"a\n\n", ["a", ""]),
        (b"a\rb\r\r\n", ["a\rb\r"]),
        (b"a\0b\n\xe9\x80", ["ab", "\xe9\x80"]),
        (b"\xef\xbb\xbfa\n", ["\xef\xbb\xbfa"]),
    ],
)
def test_raw_lines_lose_only_their_ends_and_nuls(content: bytes, lines: list[str]) -> None:
    rows = raw_log_lines({("F", "20250528.LOG"): content})
    assert rows == [("F", "20250528.LOG", number, line) for number, line in enumerate(lines, start=1)]


@pytest.mark.parametrize("name", ["20250528.LOG", "20250528.log"])
def test_a_log_has_its_extension_in_either_case(name: str) -> None:
    assert is_log_file(name)


@pytest.mark.parametrize("name", ["2025052.LOG", "20250528.LOG.bak", "20250528.txt", "x20250528.LOG", "20250528_LOG"])
def test_anything_else_is_no_log(name: str) -> None:
    assert not is_log_file(name)


# --- encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("pièce 12 €".encode(), "pièce 12 €"),
        ("pièce 12 € œ".encode("cp1252"), "pièce 12 € œ"),
        (b"\x80 \x9c", "€ œ"),
        (b"\x81\x8d\x8f\x90\x9d", "\x81\x8d\x8f\x90\x9d"),
        (b"\xc3\xa9 \xe9", "Ã© é"),  # one bad byte makes the whole line Windows-1252
        (b"\xef\xbb\xbf\xe9", "é"),
        (b"\xef\xbb\xbf\xc3\xa9", "é"),
        (b"\xed\xa0\x80", "í\xa0€"),  # a surrogate is no UTF-8
        (b"\xc0\xaf", "À¯"),
    ],
)
def test_a_log_line_is_utf_8_or_else_windows_1252(data: bytes, text: str) -> None:
    assert decode_line(data.decode("latin-1"), first_of_file=True) == text


@pytest.mark.parametrize(
    ("stored", "repaired"),
    [
        ("cde Planifi\u00c3\u00a9e", "cde Planifiée"),
        ("Réglé : cde Planifi\u00c3\u00a9e", "Réglé : cde Planifiée"),
        ("\u00c3\u2030tat : planifi\u00c3\u00a9e \u00c3  14h", "État : planifiée à 14h"),
        ("\u00c3\u2030tat : planifi\u00c3\u00a9e \u00c3\u00a0 14h", "État : planifiée à 14h"),
        ("C\u00c3\u00b4t\u00c3\u00a9 \u00e2\u20ac\u201c 12 \u00e2\u201a\u00ac", "Côté – 12 €"),
        ("\u00c3\u0089tat \u00e2\u0082\u00ac", "État €"),  # read as Latin-1
        ("\u00c5\u201cuvre", "œuvre"),
        ("\u00f0\u0178\u02dc\u20ac", "😀"),
        ("\u00ef\u00bb\u00bfcde", "cde"),
        ("\u00c3\u0192\u00c2\u00a9t\u00c3\u0192\u00c2\u00a9", "été"),  # twice
        ("\u00c3\u0083\u00c2\u00a9", "é"),
        ("\u00c3\u00a2\u00e2\u20ac\u0161\u00c2\u00ac", "€"),
        ("\u00c3\u0192\u00cb\u2020", "È"),
        ("\u00c3\u00a2\u00e2\u201a\u00ac\u00cb\u0153", "‘"),
        ("\u00c3\u0192\u00c2  14h", "à 14h"),
        ("n\u00c2\u00b0 1, d\u00c3\u00a9j\u00c3\u00a0 réglé", "n° 1, déjà réglé"),
        # Twice, the first time as Latin-1, which made control characters in between.
        ("\u00c3\u0192\u00c2\u2030T\u00c3\u0083\u00c2\u0089", "ÉTÉ"),
        ("\u00c3\u2026\u00c2\u201cuvre", "œuvre"),
        ("l\u00c3\u00a2\u00c2\u20ac\u00c2\u2122", "l’"),
        ("\u00c3\u00a2\u00e2\u201a\u00ac\u00c2\u009d", "”"),  # as Windows-1252, which has no 0x9D
        ("\u00c3\u00b0\u00c2\u009f\u00c2\u00aa\u00c2\u009f", "🪟"),
        ("\u00c3\u00b0\u00c5\u00b8\u00c2\u0090\u00c2\u009d", "🐝"),
    ],
)
def test_damage_is_repaired(stored: str, repaired: str) -> None:
    assert repair_erp(stored) == repaired


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cde Planifiée",
        "Chassis 2,40 m x 1,20 m",
        "«CAFÉ»",
        "ÉTÉ",
        "«\u00a0réglé\u00a0»",
        "PÂTÉ Â â Ä Å ð ï",
        "fin Ã",
        "NOËL œuvre",
        "â€",
        "ð\u0080\u0080\u0080",  # overlong: no UTF-8
        "CHÂ…",  # CHÂSSIS, cut: a control character is no text
        "DÉBÂ’",
        "prix Â€",
        "L’Â™",
        *(f"Â{one}" for one, byte in CONTINUATION_BYTES.items() if byte < 0xA0),
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair_erp(text) == text


# --- lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20250528 08:00:00|@StukUitgevoerd: x", None),
        ("20250528 08:00:00|@MachineStop", None),
        ("\t20250528 23:59:59 |@ Alarme générale :\v", None),
        ("n'importe quoi", "format"),
        ("20250528 08:00:00|@: x", "format"),
        ("20250528 08:00:00|@", "format"),
        ("20250528 8:00:00|@X", "format"),
        ("20250528 08:00:00|X", "format"),
        ("\u00a020250528 08:00:00|@X", "format"),
        ("20250230 08:00:00|@X", "horodatage"),
        ("00000101 08:00:00|@X", "horodatage"),
        ("20250528 24:00:00|@X", "horodatage"),
        ("20250528 23:59:60|@X", "horodatage"),
        ("20250230 08:00:00|@: x", "format"),
        ("20250230 08:00:00|@MachineWait: x", "horodatage"),
        ("20250528 08:00:00|@MachineWait", "duree"),
        ("20250528 08:00:00|@JobProfiel", "profil"),
    ],
)
def test_a_line_is_rejected_with_its_reason(text: str, reason: str | None) -> None:
    parsed = parse_line(text)
    assert parsed is not None
    assert parsed.reason == reason
    assert (parsed.moment is None) == (reason in ("format", "horodatage"))


@pytest.mark.parametrize("text", ["", " \t\v\f\r"])
def test_a_blank_line_is_ignored(text: str) -> None:
    assert parse_line(text) is None


@pytest.mark.parametrize(
    ("text", "name", "details"),
    [
        ("20250528 08:00:00|@StukUitgevoerd: a: b", "StukUitgevoerd", "a: b"),
        ("20250528 08:00:00 |@ StukUitgevoerd :\t x ", "StukUitgevoerd", "x"),
        ("20250528 08:00:00|@StukUitgevoerd:\u00a0x", "StukUitgevoerd", "\u00a0x"),
        ("20250528 08:00:00|@StukUitgevoerd: ", "StukUitgevoerd", None),
        ("20250528 08:00:00|@Stuk", "Stuk", None),
    ],
)
def test_blanks_around_the_parts_carry_no_meaning(text: str, name: str, details: str | None) -> None:
    parsed = parse_line(text)
    assert parsed is not None
    assert (parsed.moment, parsed.name, parsed.details) == (at("08:00:00"), name, details)


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ("12 sec", "12"),
        ("12.5 sec", "12.5"),
        ("12,5 sec", "12.5"),
        ("12.5", "12.5"),
        ("12", "12"),
        ("12SEC", "12"),
        ("10 min 5 sec", "5"),
        ("12 -3", "12"),
        ("x-12 sec", "12"),
        ("- 12 sec", "12"),
        ("86400 sec", "86400"),
        ("-12 sec", None),
        ("10 -5 sec", None),
        ("-5", None),
        ("0 sec", None),
        ("0,0", None),
        ("5 min 0 sec", None),
        ("86400.5 sec", None),
        ("sec", None),
        ("", None),
        (None, None),
        ("\u0663 sec", None),
    ],
)
def test_a_wait_is_the_number_before_sec_or_the_first(details: str | None, seconds: str | None) -> None:
    assert wait_seconds(at("08:00:00"), details) == (None if seconds is None else Decimal(seconds))


@pytest.mark.parametrize(
    ("details", "reference", "length", "colour"),
    [
        ("R:215023 L:3359.0 C:7016 G ALU", "215023", "3359.00", "7016 G ALU"),
        ("R:1 L:12,5", "1", "12.50", None),
        ("L:1.005\tC:a b X:9 R:5", "5", "1.01", "a b"),
        ("R:1 R:2 L:3 L:4 C:a C:b", "1", "3.00", "a"),
        ("R:1 L:2 C: X:9", "1", "2.00", None),
        ("R:1 L:2 C:RAL: 7016", "1", "2.00", "RAL: 7016"),
        ("xR:5 R:6:7 L:1", "6:7", "1.00", None),
        ("R:1 L:999999999999.994", "1", "999999999999.99", None),
    ],
)
def test_a_profile_has_reference_length_and_colour(details: str, reference: str, length: str, colour: str | None) -> None:
    assert profile(details) == Profile(reference, Decimal(length), colour)


@pytest.mark.parametrize(
    "details",
    [
        *(None, "", "L:5", "R:1", "R: L:5", "R: 12 L:5", "R: R:1 L:5", "R:1\u00a0L:5"),
        *("R:1 L: 12", "R:1 L:-12", "R:1 L:33x9", "R:1 L:999999999999.995"),
    ],
)
def test_a_profile_without_reference_or_length_is_none(details: str | None) -> None:
    assert profile(details) is None


# --- sessions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "periods"),
    [
        ("stop 08:00:00, start 08:10:00", [("08:00:00", "08:10:00")]),
        ("stop 08:00:00, start 08:00:00", [("08:00:00", "08:00:00")]),
        ("stop 08:00:00, stop 08:05:00, start 08:10:00", [("08:05:00", "08:10:00")]),
        ("stop 08:00:00, start 07:59:59, start 08:10:00", []),
        ("start 08:00:00, stop 08:10:00", []),
        ("stop 08:00:00, start 08:01:00, start 08:02:00", [("08:00:00", "08:01:00")]),
        ("stop 09:00:00, stop 08:00:00, start 08:30:00", [("08:00:00", "08:30:00")]),
    ],
)
def test_a_stop_ends_with_the_start_that_follows_it(events: str, periods: list[tuple[str, str]]) -> None:
    named = [
        ({"stop": "MachineStop", "start": "MachineStart"}[kind], at(time))
        for kind, time in (event.split(" ") for event in events.split(", "))
    ]
    assert pair_stops(named) == [(at(start), at(end)) for start, end in periods]


def test_net_times_are_clipped_to_the_window_and_stops_win_over_waits() -> None:
    window, waits, stops = net_metrics(
        at("08:00:00"),
        at("09:00:00"),
        [(at("07:59:00"), Decimal(120)), (at("08:30:00"), Decimal("900.5")), (at("08:59:30"), Decimal(60))],
        [(at("08:35:00"), at("08:40:00")), (at("08:38:00"), at("08:41:00")), (at("09:00:00"), at("10:00:00"))],
    )
    assert window == 3600
    assert waits == 60 + Fraction("540.5") + 30
    assert stops == 360


def test_the_metrics_of_a_session_with_pieces() -> None:
    row = session(
        "08:00:00 StukUitgevoerd: a",
        "08:10:00 MachineWait: 600 sec",
        "08:15:00 MachineStop",
        "08:30:00 MachineStart",
        "09:00:00 StukUitgevoerd: b",
        "09:00:00 MachineWait: 2700 sec",
    )
    assert {name: str(value) for name, value in row.items() if name.startswith(("duree", "temps", "taux"))} == {
        "duree_production_totale": "1.0000",
        "temps_attente": "0.9167",
        "temps_arret_volontaire": "0.2500",
        "temps_production_effectif": "-0.1667",
        "taux_occupation": "-16.67",
        "taux_attente": "91.67",
        "taux_arret_volontaire": "25.00",
        "temps_attente_net": "0.0833",
        "temps_arret_net": "0.2500",
        "temps_production_net": "0.6667",
        "taux_occupation_net": "66.67",
        "taux_attente_net": "8.33",
        "taux_arret_net": "25.00",
    }
    assert (row["heure_premier_machine_start"], row["heure_dernier_machine_stop"]) == (at("08:30:00"), at("08:15:00"))
    assert row["fichier_log_source"] == "DEM12 (PVC)/20250528.LOG"


def test_a_session_without_pieces_has_no_window() -> None:
    row = session("08:00:00 MachineWait: 36 sec", "08:10:00 MachineStop")
    filled = {name for name, value in row.items() if value is not None}
    assert (row["total_pieces"], row["temps_attente"], row["temps_arret_volontaire"]) == (0, Decimal("0.01"), 0)
    assert filled == {
        *("dossier", "date_production", "fichier_log_source", "total_pieces"),
        *("temps_attente", "temps_arret_volontaire", "heure_dernier_machine_stop"),
    }


def test_a_window_of_zero_length_has_durations_and_no_rates() -> None:
    row = session("08:00:00 StukUitgevoerd", "08:00:00 MachineWait: 36 sec")
    durations = [value for name, value in row.items() if name.startswith(("duree", "temps"))]
    assert sum(Decimal(str(value)) for value in durations) == Decimal("0.01")  # only temps_attente
    assert {value for name, value in row.items() if name.startswith("taux")} == {None}


def test_an_event_that_is_rejected_or_unknown_still_makes_a_session() -> None:
    for line in ("08:00:00 MachineWait: x", "08:00:00 JobProfiel", "08:00:00 Nouveau"):
        assert session(line)["total_pieces"] == 0


def test_pieces_count_in_order_not_by_clock_and_carry_the_latest_profile() -> None:
    tables = production(
        "08:00:00 StukUitgevoerd",
        "08:10:00 JobProfiel: R:1 L:2 C:3",
        "08:05:00 StukUitgevoerd: b",
        "08:20:00 JobProfiel: R:9",
        "08:30:00 StukUitgevoerd: c",
    )
    taken = ("1", Decimal("2.00"), "3", at("08:10:00"))
    assert columns(tables["piece_production"], "numero_piece", "details", "job_profil_id") == [
        (1, None, None),
        (2, "b", taken),
        (3, "c", taken),
    ]
    assert columns(tables["lignes_rejetees"], "numero_ligne", "motif") == [(4, "profil")]


def test_debut_journee_moves_the_night_to_the_day_before() -> None:
    tables = production("04:59:59 StukUitgevoerd", "05:00:00 StukUitgevoerd", debut_journee="05:00")
    assert columns(tables["session_production"], "date_production") == [(date(2025, 5, 27),), (date(2025, 5, 28),)]


def test_several_files_feed_one_session_in_the_order_of_their_names() -> None:
    logs = {
        (DEM12, "20250528.log"): log("07:00:00 StukUitgevoerd: third"),
        (DEM12, "20250528.LOG"): log("09:00:00 StukUitgevoerd: second"),
        (DEM12, "20250527.LOG"): log("10:00:00 StukUitgevoerd: first", end="\n"),
    }
    tables = marts(logs, CENTRES, NO_ERP)
    assert columns(tables["piece_production"], "details") == [("first",), ("second",), ("third",)]
    assert columns(tables["session_production"], "fichier_log_source") == [
        ("DEM12 (PVC)/20250527.LOG, DEM12 (PVC)/20250528.LOG, DEM12 (PVC)/20250528.log",)
    ]


def test_the_status_of_a_file_is_the_first_that_holds() -> None:
    logs = {
        ("Ailleurs", "20250528.LOG"): b"",
        ("Ailleurs", "20250529.LOG"): b"quoi\n" + log("08:00:00 X"),
        (DEM12, "20250528.LOG"): b"\r\n \t\r\n",
        (DEM12, "20250529.LOG"): b" \xe9\t\r\n",
        (DEM12, "20250530.LOG"): log("08:00:00 X", "08:00:00 MachineWait: -1"),
        (DEM12, "20250531.LOG"): log("08:00:00 X"),
    }
    tables = marts(logs, CENTRES, NO_ERP)
    assert columns(tables["suivi_chargement"], "statut", "nb_lignes", "nb_evenements", "nb_rejets") == [
        ("dossier inconnu", 0, 0, 0),
        ("dossier inconnu", 2, 1, 1),
        ("vide", 2, 0, 0),
        ("rejets", 1, 0, 1),
        ("rejets", 2, 2, 1),
        ("ok", 1, 1, 0),
    ]
    assert columns(tables["lignes_rejetees"], "dossier", "ligne", "motif") == [
        ("Ailleurs", "quoi", "format"),
        (DEM12, "é", "format"),
        (DEM12, "20250528 08:00:00|@MachineWait: -1", "duree"),
    ]


@pytest.mark.parametrize(("value", "rounded"), [("0.00005", "0.0001"), ("-0.00005", "-0.0001"), ("0.00004999", "0"), ("1", "1")])
def test_rounding_is_half_away_from_zero(value: str, rounded: str) -> None:
    assert round_half_away(Fraction(value), 4) == Decimal(rounded)


# --- orders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["VR", "vr-3", "SOP", "sôp1", "S P", "s\u00a0p", "S\u2009P9", "VŔ"])
def test_shutter_codes(code: str) -> None:
    assert is_shutter(code)


@pytest.mark.parametrize("code", [None, "", " VR", "SP", "S  P", "S_P", "AVR", "V R", "S\tP"])
def test_other_codes(code: str | None) -> None:
    assert not is_shutter(code)


@pytest.mark.parametrize(
    "note", ["cde Planifiée", "CDE PLANIFIEE", "Réglé : cde\u00a0planifiée.", "\ncdé plànifiêe", "xcde planifieesx"]
)
def test_planning_notes(note: str) -> None:
    assert is_planning(note)


@pytest.mark.parametrize("note", [None, "", "cde  Planifiée", "cde planifié", "cdePlanifiée", "cde_Planifiée"])
def test_other_notes(note: str | None) -> None:
    assert not is_planning(note)


@pytest.mark.parametrize(
    ("note", "week"),
    [
        *((note, date(2025, 6, 9)) for note in ("Planifiée S24", "S 24", "SEM 24", "sem. 24, matin", "Sémaine\u00a024", "s24.")),
        *((note, date(2026, 6, 8)) for note in ("S24/2026", "S24-2026", "semaine 24 2026", "2026-S24", "2026S24", "S24 / 2026")),
        *((note, date(2025, 6, 9)) for note in ("S54, S24, S25", "S24 1250 pièces", "S24/20266", "12026-S24")),
        *((note, None) for note in ("", "24", "XS24", "S24B", "S_24", "és24", "S0", "S54", "S241", "semaines 24", "S53")),
        *(("S14", date(2025, 3, 31)), ("S13", date(2026, 3, 23)), ("S53/2026", date(2026, 12, 28)), ("S53/2025", None)),
    ],
)
def test_a_note_names_a_week(note: str, week: date | None) -> None:
    assert planned_week(note, datetime(2025, 10, 1, 8)) == week


def test_a_week_without_a_year_needs_the_entrys_whose_iso_year_it_has() -> None:
    assert planned_week("S24", None) is None
    assert planned_week("S24/2025", None) == date(2025, 6, 9)
    assert planned_week("S2", datetime(2024, 12, 30)) == date(2025, 1, 6)
    assert planned_week("S53", datetime(2021, 1, 3)) == date(2020, 12, 28)
    assert planned_week("S53", datetime(2021, 1, 4)) is None
    assert planned_week("S1", datetime(9999, 12, 31)) is None


def test_an_order_to_be_planned_has_its_journals_first_and_last_entry() -> None:
    erp: dict[str, list[dict[str, object]]] = {
        "a_kopf": [{"id": name, "aunummer": "1", "aualpha": "", "aufstatus": "Saisie", "kommission": None} for name in "ABCD"],
        "a_logbuch": [
            {"id_a_kopf": "A", "datum": "2025-06-11 23:59:59", "notiz": "a"},
            {"id_a_kopf": "A", "datum": "2025-06-12 08:00:00", "notiz": "b"},
            {"id_a_kopf": "A", "datum": "2025-06-12 08:00:00", "notiz": "à"},
            {"id_a_kopf": "A", "datum": None, "notiz": "é"},
            {"id_a_kopf": "C", "datum": "2025-06-12 08:00:00", "notiz": "cde planifiée"},
        ],
        "p_zubeh": [{"id_a_kopf": name, "zcode": code, "text": "t"} for name in "ABC" for code in ("VR2", "VR1", "VR1", "X")],
        "a_vorgang": [],
    }
    tables = marts({}, CENTRES, erp)
    names = ("id_commande", "code_accessoire", "nombre_accessoires", "premiere_entree", "derniere_entree", "derniere_note")
    assert columns(tables["commandes_volets_a_planifier"], *names, "age_jours") == [
        ("A", "VR1", 2, datetime(2025, 6, 11, 23, 59, 59), datetime(2025, 6, 12, 8), "à", 2),
        ("B", "VR1", 2, None, None, None, None),
    ]


def test_a_pieces_label_tells_its_order() -> None:
    labels = ("12 a", "12 b", "13 c", "x12 d", "99999999999 e")
    log = "".join(f"20250528 08:0{minute}:00|@StukUitgevoerd: {text}\n" for minute, text in enumerate(labels)).encode()
    order = {"aualpha": None, "aufstatus": None, "kommission": None}
    erp: dict[str, list[dict[str, object]]] = {
        "a_kopf": [{"id": "A", "aunummer": "12", **order}, {"id": "B", "aunummer": "14", **order}],
        "a_logbuch": [{"id_a_kopf": name, "datum": None, "notiz": "cde planifiée"} for name in "AB"],
        "p_zubeh": [{"id_a_kopf": name, "zcode": "VR", "text": None} for name in "AB"],
        "a_vorgang": [],
    }
    logs = {("DEM12 (PVC)", "20250528.LOG"): log}
    tables = marts(logs, CENTRES, erp, order_pattern="^([0-9]+) ")
    assert columns(tables["piece_production"], "numero_commande") == [(12,), (12,), (13,), (None,), (None,)]
    assert columns(tables["commandes_volets_avancement"], "id_commande", "centre", "pieces", "derniere_piece") == [
        ("A", "DEM12", 2, datetime(2025, 5, 28, 8, 1)),
        ("B", None, 0, None),
    ]
    assert columns(marts(logs, CENTRES, erp)["piece_production"], "numero_commande") == [(None,)] * 5
    assert marts(logs, CENTRES, erp)["commandes_volets_avancement"] == []


def test_an_order_appears_once_with_its_first_accessory_and_operation_and_latest_planning() -> None:
    def order(order_id: str) -> dict[str, object]:
        return {"id": order_id, "aunummer": "12", "aualpha": "A", "aufstatus": None, "kommission": "Ch\u00c3\u00a2let"}

    def entry(datum: str | None, notiz: str | None, order_id: str = "ABC") -> dict[str, object]:
        return {"id_a_kopf": order_id, "datum": datum, "notiz": notiz}

    erp: dict[str, list[dict[str, object]]] = {
        "a_kopf": [order("ABC"), order("abc "), order("D")],
        "a_logbuch": [
            entry("2024-03-01 08:00:00", "cde Planifi\u00c3\u00a9e"),
            entry("2024-03-01 08:00:00", "cde Planifiée"),
            entry("2024-03-02 08:00:00", "CDE PLANIFIEE"),
            entry("2024-00-15 08:00:00", "cde\u00a0Planifiée"),
            entry("0000-00-00 00:00:00", "cde\u00a0Planifiée"),
            entry("2025-01-01 08:00:00", "livrée"),
            entry("2024-03-01 08:00:00", "cde Planifiée", "D"),
            entry("2024-03-01 08:00:00", "cde Planifiée", "orphan"),
        ],
        "p_zubeh": [
            {"id_a_kopf": "ABC", "zcode": "VR2", "text": "b"},
            {"id_a_kopf": "ABC", "zcode": "VR1", "text": None},
            {"id_a_kopf": "ABC", "zcode": "V\0R1", "text": ""},
            {"id_a_kopf": "ABC", "zcode": "X", "text": "a"},
            {"id_a_kopf": "D", "zcode": "X", "text": "a"},
        ],
        "a_vorgang": [
            {"id_a_kopf": "ABC", "nummer": "9", "bezeichnung": "z"},
            {"id_a_kopf": "ABC", "nummer": "10", "bezeichnung": None},
            {"id_a_kopf": "ABC", "nummer": "10", "bezeichnung": None},
            {"id_a_kopf": "ABC", "nummer": None, "bezeichnung": "a"},
        ],
    }
    tables = marts({}, CENTRES, erp)
    assert tables["commandes_volets"] == [
        {
            "id_commande": "ABC",
            "numero_commande": 12,
            "extension": "A",
            "statut": None,
            "affaire": "Châlet",
            "date_modification": datetime(2024, 3, 2, 8),
            "semaine_prevue": None,
            "code_accessoire": "VR1",
            "description_accessoire": "",
            "numero_operation": "9",
            "description_operation": "z",
        }
    ]
    assert columns(tables["commandes_volets_accessoires"], "code_accessoire", "description_accessoire") == [
        ("VR1", ""),
        ("VR1", None),
        ("VR2", "b"),
    ]
    assert columns(tables["commandes_volets_operations"], "numero_operation", "description_operation") == [
        ("9", "z"),
        ("10", None),
        (None, "a"),
    ]
    assert columns(tables["commandes_volets_planifications"], "date_modification", "note") == [
        (datetime(2024, 3, 1, 8), "cde Planifiée"),
        (datetime(2024, 3, 2, 8), "CDE PLANIFIEE"),
        (None, "cde\u00a0Planifiée"),
    ]


def test_operations_come_in_the_order_of_their_numbers_then_of_their_texts() -> None:
    in_order = [
        *(("-5", None), ("0", None), ("05", "b"), ("5", "a"), ("5", None), ("5.00", "a"), (" 20 ", None), ("100", None)),
        *(("", None), ("5,00", None), ("5.5", None), ("A1", None), ("a1", None), ("É", None), (None, "a"), (None, None)),
    ]
    shuffled = random.Random(1).sample(in_order, len(in_order))
    assert sorted(shuffled, key=operation_order) == in_order


# --- random inputs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_random_inputs_reach_every_mart_and_the_sums_are_exact(seed: int) -> None:
    tables = marts(random_logs(random.Random(seed)), CENTRES, random_erp(random.Random(seed)), "05:00", "^([0-9]+) ")
    assert all(tables.values())
    assert {row["semaine_prevue"] is None for row in tables["commandes_volets"]} == {True, False}
    assert {row["centre"] is None for row in tables["commandes_volets_avancement"]} == {True, False}
    for row in tables["session_production"]:
        if row["total_pieces"]:
            assert row["duree_production_totale"] == sum(
                Decimal(str(row[f"temps_{part}_net"])) for part in ("attente", "arret", "production")
            )


def test_random_inputs_reach_every_reason_and_status() -> None:
    tables = marts(random_logs(random.Random(1), days=12, lines=8), CENTRES, NO_ERP)
    assert {row["motif"] for row in tables["lignes_rejetees"]} == {"format", "horodatage", "duree", "profil"}
    assert {row["statut"] for row in tables["suivi_chargement"]} == {"ok", "rejets", "vide", "dossier inconnu"}
    assert {0, 1} < {row["total_pieces"] for row in tables["session_production"]}


def test_the_same_seed_gives_the_same_inputs_and_changes() -> None:
    logs, erp = random_logs(random.Random(7)), random_erp(random.Random(7))
    assert (logs, erp) == (random_logs(random.Random(7)), random_erp(random.Random(7)))
    later_logs, log_changes = change_logs(random.Random(8), logs)
    later_erp, erp_changes = change_erp(random.Random(8), erp)
    assert later_logs != logs
    assert later_erp != erp
    assert all(erp_changes.values())
    assert log_changes["added"]
    assert log_changes["removed"]
    assert marts(logs | later_logs, CENTRES, later_erp) != marts(logs, CENTRES, erp)
