"""The declared working time: the reference on days computed by hand, and every mart against the reference."""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import generator, reference
from tests.factory import ERP_DDL, Factory
from tests.indicators import indicator_marts
from tests.test_marts import CENTRES, expect_marts
from tests.working_time import Seeds, WorkingTime

DOSSIER, CENTRE = "DEM12 (PVC)", "DEM12"
NO_ERP: dict[str, list[dict[str, object]]] = {table: [] for table in ERP_DDL}


def declared(**files: Sequence[tuple[str, ...]]) -> Seeds:
    """The seeds, from the first values of their rows."""
    return {
        name: [dict.fromkeys(columns, "") | dict(zip(columns, row, strict=False)) for row in files.get(name, ())]
        for name, columns in generator.SEED_COLUMNS.items()
    }


def working_time(seeds: Seeds, debut_journee: str = "00:00", last_load: str = "2025-12-31") -> WorkingTime:
    return WorkingTime(seeds, ["DEM12", "DEMALU"], debut_journee, datetime.fromisoformat(last_load))


def planned_hours(work: WorkingTime, *days: str) -> list[Fraction]:
    return [work.planned_seconds(CENTRE, date.fromisoformat(day)) / 3600 for day in days]


def log(day: str, *lines: str) -> dict[tuple[str, str], bytes]:
    name = day.replace("-", "")
    return {(DOSSIER, f"{name}.LOG"): "".join(f"{name} {line[:8]}|@{line[9:]}\n" for line in lines).encode()}


def built(logs: Mapping[tuple[str, str], bytes], work: WorkingTime | None = None) -> dict[str, list[dict[str, Any]]]:
    return indicator_marts(reference.marts(logs, CENTRES[:1], NO_ERP), work)


def values(row: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(float(row[name]) if isinstance(row[name], Decimal) else row[name] for name in names)


# --- The clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "measured", "declared_at"),
    [
        ("2025-05-28 12:00", "2025-05-28 10:00", "2025-05-28 10:00"),
        ("2025-03-30 01:59:59.999999", "2025-03-30 00:59:59.999999", "2025-03-30 00:59:59.999999"),
        ("2025-03-30 02:00", "2025-03-30 01:00", "2025-03-30 01:00"),
        ("2025-03-30 02:30", "2025-03-30 01:00", "2025-03-30 01:30"),
        ("2025-03-30 03:00", "2025-03-30 01:00", "2025-03-30 01:00"),
        ("2025-10-26 02:00", "2025-10-26 00:00", "2025-10-26 01:00"),
        ("2025-10-26 02:30", "2025-10-26 00:30", "2025-10-26 01:30"),
        ("2025-10-26 03:00", "2025-10-26 02:00", "2025-10-26 02:00"),
    ],
)
def test_instants_around_the_clock_changes(wall: str, measured: str, declared_at: str) -> None:
    clock, moment = WorkingTime().clock, datetime.fromisoformat(wall)
    assert clock.instant(moment) == datetime.fromisoformat(measured)
    assert clock.declared(moment) == datetime.fromisoformat(declared_at)


def test_the_references_clock_is_the_warehouses(factory: Factory) -> None:
    clock = WorkingTime().clock
    sundays = [f"{year}-{change}" for year in (2000, 2025, 2038, 2100) for change in ("03-25", "10-25")]
    times = """
        select t,
            t at time zone 'Europe/Paris' at time zone 'UTC',
            least(
                t at time zone 'Europe/Paris', (t - interval '1 h') at time zone 'Europe/Paris' + interval '1 h',
                date_trunc('hour', t + interval '1 h') at time zone 'Europe/Paris'
            ) at time zone 'UTC'
        from unnest(%s::timestamp[]) as first, generate_series(first, first + interval '7 days', interval '599.9 seconds') as t
    """
    found = factory.ask(times, (sundays,))
    assert found == [(moment, clock.declared(moment), clock.instant(moment)) for moment, _, _ in found]


# --- The seeds -------------------------------------------------------------------------------------


def test_every_error_is_named_with_its_line_and_leaves_the_row_out() -> None:
    seeds = declared(
        postes=[
            ("DEM12", "1-5", "Matin", "5:00", "13:00"),
            ("", "", "", "", ""),
            ("DEM13", "9", "Matin", "5:00", "13:00"),
            ("DEM12", "5-1", "Soir", "5h", "13:00"),
            ("DEM12", "1", "Soir", "24:00", "13:00"),
            ("DEM12", "1", "Soir", "13:00", "13:00"),
            ("DEM12", "1", "Soir", "13:00", "12:00"),
            ("DEM12", "1", "Soir", "13:00", "00:30"),
            ("DEM12", "7", "Nuit", "23:00", "6:00"),
            ("DEM12", "6", "Nuit", "13:00", "24:00", "2025-13-01"),
            ("DEM12", "6", "Nuit", "13:00", "24:00", "2025-02-01", "2025-01-31"),
            ("DEM12", "6", "", "13:00", "24:00"),
            ("", "1-5", "Matin", "5:00", "13:00"),
        ],
        pauses=[
            ("DEM12", "Matin", "1", "9:00", "9:30"),
            ("DEM12", "", "1", "9:15", "9:45"),
            ("DEM12", "Matin", "6", "9:00", "9:30"),
            ("DEM12", "Matin", "2", "12:45", "13:15"),
        ],
        jours_fermes=[("", "2025-05-01", "", ""), ("", "", "", "Pont"), ("", "2025-05-02", "2025-05-01", "Pont")],
        cadences=[("DEM12", "12,5"), ("DEM12", "10"), ("DEMALU", "0")],
    )
    work = working_time(seeds)
    assert work.errors == [
        ("postes", 4, "centre inconnu"),
        ("postes", 5, "jours illisibles"),
        ("postes", 6, "heure illisible"),
        ("postes", 7, "début égal à la fin"),
        ("postes", 8, "finit avant de commencer"),
        ("postes", 10, "chevauchement"),  # with Monday's morning
        ("postes", 11, "date illisible"),
        ("postes", 12, "dates inversées"),
        ("postes", 13, "poste sans nom"),
        ("pauses", 3, "chevauchement"),
        ("pauses", 4, "pause hors poste"),
        ("pauses", 5, "pause hors poste"),
        ("jours_fermes", 2, "motif vide"),
        ("jours_fermes", 3, "date illisible"),
        ("jours_fermes", 4, "dates inversées"),
        ("cadences", 3, "chevauchement"),
        ("cadences", 4, "pieces_par_heure"),
    ]
    assert [rule.line for rule in work.rules["postes"]] == [2, 9, 14]


def test_rows_for_all_centres_give_way_to_a_centres_own_but_closed_days_add_up() -> None:
    seeds = declared(
        postes=[("", "1-5", "Jour", "8:00", "16:00"), ("DEM12", "3", "Matin", "5:00", "13:00", "2025-05-01")],
        pauses=[("", "", "", "9:00", "9:30")],
        jours_fermes=[("", "2025-05-29", "", "Ascension"), ("DEM12", "2025-05-28", "2025-05-30", "Inventaire")],
        cadences=[("", "10", "", "2025-05-31"), ("", "20", "2025-06-01")],
    )
    work = working_time(seeds)
    wednesday, thursday = date(2025, 5, 21), date(2025, 5, 22)
    assert [work.postes("DEM12", day) for day in (wednesday, thursday, date(2025, 4, 30))] == ["Matin", "", None]
    assert [work.postes("DEMALU", day) for day in (wednesday, thursday, date(2025, 5, 29))] == ["Jour", "Jour", ""]
    assert work.closed("DEM12", date(2025, 5, 29)) == ["Ascension", "Inventaire"]
    assert planned_hours(work, "2025-05-21") == [Fraction("7.5")]
    assert [work.cadence("DEM12", day) for day in (date(2025, 5, 31), date(2025, 6, 1))] == [10, 20]
    assert [work.declared("DEMALU", day) for day in (date(1999, 12, 31), date(2000, 1, 1), date(2101, 1, 1))] == [
        False,
        True,
        False,
    ]


# --- Days computed by hand -------------------------------------------------------------------------

TWO_SHIFTS = declared(
    postes=[("", "", "Matin", "05:00", "13:00"), ("", "", "Soir", "13:00", "21:00")],
    pauses=[("", "Matin", "", "9:00", "9:30")],
    cadences=[("DEM12", "10")],
)
# From 4:00 to 10:00, stopped from 8:00 to 9:15.
MORNING = log(
    "2025-05-28",
    "04:00:00 StukUitgevoerd",
    "07:00:00 JobProfiel: R:1 L:2 C:3",
    "08:00:00 MachineStop",
    "08:30:00 JobProfiel: R:2 L:2",
    "09:10:00 StukUitgevoerd",
    "09:15:00 MachineStart",
    "10:00:00 StukUitgevoerd",
)


def test_a_day_with_two_shifts_and_a_break() -> None:
    marts = built(MORNING, working_time(TWO_SHIFTS, last_load="2025-05-29 12:00"))
    (day,), (week,) = marts["production_journaliere"], marts["production_hebdomadaire"]
    spent = [f"temps_{name}_en_horaire" for name in ("production", "attente", "arret", "sans_piece")]
    figures = ("temps_prevu", "pieces_en_horaire", *spent)
    assert values(day, *figures) == (15.5, 1, 3.5, 0, 1, 11)
    assert values(day, "taux_disponibilite", "taux_performance", "taux_rendement") == (22.58, 2.86, 0.65)
    assert values(day, "temps_arret_en_pause", "temps_arret_hors_pause", "plus_long_arret") == (0.25, 1, 1.25)
    assert values(day, "centre", "terminee", "postes", "comparables") == ("DEM12", True, "Matin, Soir", None)
    # The week has three finished days, all of them open.
    assert values(week, "terminee", "jours_ouverts", "pieces_par_jour_ouvert", "temps_prevu") == (False, 3, 1, 46.5)
    assert values(week, *figures[1:]) == (1, 3.5, 0, 1, 42)
    assert values(week, "taux_disponibilite", "taux_performance", "taux_rendement") == (7.53, 2.86, 0.22)
    assert [piece["poste"] for piece in marts["piece_production"]] == [None, "Matin", "Matin"]
    assert [hour["poste"] for hour in marts["production_horaire"]] == [None, *["Matin"] * 6]
    loss = ("heure_du_jour", "poste", "etat", "classe", "en_pause", "reference", "couleur", "nombre", "minutes")
    assert [values(row, *loss) for row in marts["pertes"]] == [
        (8, "Matin", "arret", "longue", False, "1", "3", 1, 60),
        (9, "Matin", "arret", "longue", True, "1", "3", 0, 15),
    ]


def test_shifts_that_have_begun_and_what_is_outside_of_them() -> None:
    marts = built(MORNING, working_time(TWO_SHIFTS, last_load="2025-05-29 12:00"))
    names = ("pieces", "pieces_en_horaire", "temps_prevu", "temps_production", "temps_arret", "temps_sans_piece")
    rows = {(row["date_poste"].day, row["poste"]): row for row in marts["production_poste"]}
    assert {key: values(row, "termine", *names, "temps_arret_en_pause") for key, row in rows.items()} == {
        (28, "Matin"): (True, 2, 1, 7.5, 3.5, 1, 3, 0.25),
        (28, "Soir"): (True, 0, 0, 8, 0, 0, 8, 0),
        (29, "Matin"): (False, 0, 0, None, 0, 0, None, 0),
        (28, None): (True, 1, None, None, 1, 0, None, 0),
    }
    assert values(rows[28, "Matin"], "taux_disponibilite", "taux_performance", "taux_rendement") == (46.67, 2.86, 1.33)


def test_an_unfinished_day_has_its_breaks_only() -> None:
    (day,) = built(MORNING, working_time(TWO_SHIFTS, last_load="2025-05-28 23:59:59"))["production_journaliere"]
    names = ("terminee", "postes", "temps_prevu", "pieces_en_horaire", "taux_disponibilite", "temps_arret_en_pause")
    assert values(day, *names) == (False, "Matin, Soir", None, None, None, 0.25)
    (day,) = built(MORNING)["production_journaliere"]
    assert values(day, *names) == (True, None, None, None, None, None)


def test_a_night_shift_belongs_to_both_days_or_to_the_first() -> None:
    seeds = declared(postes=[("", "3", "Nuit", "21:00", "5:00")])
    assert planned_hours(working_time(seeds), "2025-05-28", "2025-05-29") == [3, 5]
    assert planned_hours(working_time(seeds, "05:00"), "2025-05-28", "2025-05-29") == [8, 0]
    work = working_time(seeds)
    assert [work.postes(CENTRE, date(2025, 5, day)) for day in (28, 29)] == ["Nuit", ""]
    assert [work.poste_at(CENTRE, datetime(2025, 5, 29, hour)) for hour in (4, 5)] == ["Nuit", None]


@pytest.mark.parametrize(
    ("saturday", "pause", "before_midnight", "after_midnight", "night"),
    [
        ("2025-03-29", ("1:00", "1:30"), 2, "4.5", "6.5"),
        ("2025-03-29", ("2:15", "2:45"), 2, "4.5", "6.5"),  # it moves to 3:15
        ("2025-03-29", ("1:30", "2:30"), 2, "4", "6"),  # until 3:30
        ("2025-10-25", ("1:00", "1:30"), 2, "6.5", "8.5"),
        ("2025-10-25", ("2:15", "2:45"), 2, "6.5", "8.5"),
        ("2025-10-25", ("2:30", "3:00"), 2, "6.5", "8.5"),
    ],
)
def test_a_night_on_which_the_clock_changes(
    saturday: str, pause: tuple[str, str], before_midnight: int, after_midnight: str, night: str
) -> None:
    seeds = declared(postes=[("", "6", "Nuit", "22:00", "6:00")], pauses=[("", "", "", *pause)])
    sunday = f"{date.fromisoformat(saturday) + timedelta(days=1)}"
    assert planned_hours(working_time(seeds), saturday, sunday) == [before_midnight, Fraction(after_midnight)]
    assert planned_hours(working_time(seeds, "06:00"), saturday, sunday) == [Fraction(night), 0]


def test_what_a_machine_did_on_the_night_that_is_longer() -> None:
    seeds = declared(postes=[("", "6", "Nuit", "22:00", "6:00")])
    logs = log("2025-10-26", "01:30:00 StukUitgevoerd", "02:30:00 MachineStop", "03:30:00 MachineStart", "04:00:00 StukUitgevoerd")
    (day,) = built(logs, working_time(seeds))["production_journaliere"]
    assert values(day, "temps_arret_net", "temps_arret_en_horaire", "temps_production_en_horaire", "temps_prevu") == (1, 2, 1.5, 7)


def test_a_holiday_after_a_night_shift() -> None:
    seeds = declared(postes=[("", "", "Nuit", "22:00", "6:00")], jours_fermes=[("", "2025-05-29", "", "Ascension")])
    work = working_time(seeds, last_load="2025-06-01")
    assert planned_hours(work, "2025-05-28", "2025-05-29", "2025-05-30") == [8, 6, 2]
    assert planned_hours(working_time(seeds, "06:00"), "2025-05-28", "2025-05-29", "2025-05-30") == [8, 0, 8]
    rows = work.calendar_rows(CENTRE, [date(2025, 5, 28), date(1999, 1, 1), date(2025, 6, 3)])
    columns = ("date_production", "jour_semaine", "date_semaine", "mois", "ouvert", "motif", "postes", "temps_prevu")
    monday, may = date(2025, 5, 26), date(2025, 5, 1)
    assert [values(row, *columns) for row in rows[:2]] == [
        (date(2025, 5, 28), 3, monday, may, True, None, "Nuit", 8),
        (date(2025, 5, 29), 4, monday, may, False, "Ascension", "", 6),
    ]
    assert rows[-1]["date_production"] == date(2026, 12, 31)
    only_mondays = working_time(declared(postes=[("", "1", "Matin", "5:00", "13:00", "2025-06-02")]), last_load="2025-06-01")
    assert [values(row, "ouvert", "motif", "temps_prevu") for row in only_mondays.calendar_rows(CENTRE, [])[:3]] == [
        (None, "horaire non déclaré", None),
        (True, None, 8),
        (False, "aucun poste prévu", 0),
    ]


def test_a_day_and_a_week_beside_those_before_them() -> None:
    wednesdays = [date(2025, 4, 16) + timedelta(weeks=number) for number in range(6)]
    counts = [2, 3, 4, 11, 1, 6]
    logs: dict[tuple[str, str], bytes] = {}
    for day, count in zip(wednesdays, counts, strict=True):
        logs |= log(f"{day}", *(f"08:{minute:02d}:00 StukUitgevoerd" for minute in range(count)))
    marts = built(logs)
    *_, before, after = marts["production_journaliere"]
    names = ("comparables", "pieces_habituelles", "ecart_habituel")
    assert values(before, *names) == (None, None, None)  # four
    # The median of 2, 3, 4, 11, 1 is 3, and that of their distances 1, 0, 1, 8, 2 is 1.
    assert values(after, *names, "dispersion_pieces") == (5, 3, 100, 1.48)
    # The day of one piece has no occupation.
    assert values(after, "occupation_habituelle", "dispersion_occupation") == (100, 0)
    *_, week = marts["production_hebdomadaire"]
    assert values(week, *names, "jours_ouverts", "pieces_par_jour_ouvert") == (5, 3, 100, 1, 6)

    # Where a shift is declared, days are alike by their shifts: five Mondays and Tuesdays, of which no weekday has enough.
    seeds = declared(postes=[("", "1-2", "Jour", "5:00", "13:00")])
    logs = {}
    for day_of_may, count in ((5, 2), (6, 3), (7, 50), (12, 4), (13, 11), (19, 1), (20, 6)):
        logs |= log(f"2025-05-{day_of_may:02d}", *(f"08:{minute:02d}:00 StukUitgevoerd" for minute in range(count)))
    assert values(built(logs, working_time(seeds))["production_journaliere"][-1], *names) == (5, 3, 100)


# --- Every mart ------------------------------------------------------------------------------------


def put_seeds(project: Path, seeds: Seeds, delimiter: str) -> None:
    for name, rows in seeds.items():
        with (project / "dbt_project" / "seeds" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, generator.SEED_COLUMNS[name], delimiter=delimiter, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def random_history(rng: random.Random) -> tuple[dict[tuple[str, str], bytes], list[date]]:
    """Logs of the days around both changes of the clock, and of one day in each of the weeks before; and all their dates."""
    logs: dict[tuple[str, str], bytes] = {}
    dates = []
    for change in (date(2025, 3, 30), date(2025, 10, 26)):
        for first, days in [(change - timedelta(days=5), 8), *((change - timedelta(weeks=number), 1) for number in range(2, 8))]:
            logs |= generator.random_logs(rng, CENTRES, days, 40, first_day=first)
            dates += [first + timedelta(days=number) for number in range(days)]
        night = ("00:50:00 StukUitgevoerd", "01:40:00 MachineWait: 1800", "02:20:00 MachineStop", "03:40:00 MachineStart")
        logs |= log(f"{change}", *night, "04:10:00 StukUitgevoerd")
    return logs, sorted(dates)


@pytest.mark.parametrize(("seed", "debut_journee", "delimiter"), [(1, "00:00", ","), (2, "05:00", ";")])
def test_working_time_equals_the_reference_also_after_it_is_edited(
    factory: Factory, seed: int, debut_journee: str, delimiter: str
) -> None:
    rng = random.Random(seed)
    project = factory.own_project()
    variables = ("--vars", json.dumps({"debut_journee": debut_journee, "separateur_horaires": delimiter}))
    logs, dates = random_history(rng)
    seeds = generator.random_working_time(rng, CENTRES, dates)
    tables = reference.marts(logs, CENTRES, NO_ERP, debut_journee)
    put_seeds(project, seeds, delimiter)
    factory.put_logs(logs)
    factory.load("logs")
    factory.build_only(*variables)
    expect_marts(factory, tables, seeds, debut_journee)

    edited = generator.change_working_time(rng, seeds, dates)
    put_seeds(project, edited, delimiter)
    factory.build_only(*variables)
    expect_marts(factory, tables, edited, debut_journee)
    incremental = factory.snapshot()
    factory.build_only("--full-refresh", *variables)
    assert factory.snapshot() == incremental

    put_seeds(project, declared(), delimiter)
    factory.build_only(*variables)
    expect_marts(factory, tables, debut_journee=debut_journee)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_working_time_reaches_every_column(seed: int) -> None:
    rng = random.Random(seed)
    logs, dates = random_history(rng)
    seeds = generator.random_working_time(rng, CENTRES, dates)
    tables = reference.marts(logs, CENTRES, NO_ERP)
    for each in (seeds, generator.change_working_time(rng, seeds, dates)):
        work = WorkingTime(each, [str(centre["nom"]) for centre in CENTRES], last_load=datetime(2025, 10, 27, 18))
        assert {kind for _, _, kind in work.errors} == {
            *("centre inconnu", "jours illisibles", "heure illisible", "début égal à la fin", "finit avant de commencer"),
            *("date illisible", "dates inversées", "poste sans nom", "motif vide", "pieces_par_heure", "chevauchement"),
            "pause hors poste",
        }
        marts = indicator_marts(tables, work)
        for name in ("production_journaliere", "production_hebdomadaire", "production_poste", "calendrier", "pertes"):
            assert len({frozenset(row) for row in marts[name]}) == 1
            for column in marts[name][0].keys() - {"annee_iso"}:
                assert len({row[column] for row in marts[name]}) > 1, (name, column)
        # No shift meets another, and what is planned is spent, or nothing says on what.
        for centre in ("DEM12", "DEMALU", "SU12"):
            shifts = [shift for day in dates for shift in work.shifts(centre, day)]
            ordered = sorted({(shift.debut, shift.fin) for shift in shifts})
            assert all(end <= start for (_, end), (start, _) in pairwise(ordered))
        for row in marts["production_journaliere"]:
            if row["temps_prevu"] is not None:
                spent = [row[f"temps_{state}_en_horaire"] for state in ("production", "attente", "arret", "sans_piece")]
                assert sum(spent) == row["temps_prevu"]
                assert min(spent) >= Decimal("-0.0002")
