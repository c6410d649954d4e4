"""The reference for the indicator marts, in plain Python, computed from the reference's sessions, pieces, profiles and periods.

Like `tests.reference`, it favours being obviously right over being fast, and its rows name what surrogate keys stand for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
SessionKey = tuple[str, date]

STATES = ("production", "attente", "arret")
HOUR = timedelta(hours=1)


def seconds(duration: timedelta) -> Fraction:
    """A duration as exact seconds."""
    return Fraction(duration // timedelta(microseconds=1), 1_000_000)


def rounded(value: Fraction, places: int) -> Decimal:
    """Round like PostgreSQL's numeric: half away from zero."""
    with localcontext(prec=60):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def exactly(value: Fraction) -> Decimal:
    """A number of seconds or metres that has at most six decimals."""
    return rounded(value, 6)


def by_session(rows: Iterable[Mapping[str, Any]]) -> dict[SessionKey, list[Mapping[str, Any]]]:
    """The rows of each session, in their order."""
    groups: dict[SessionKey, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["dossier"], row["date_production"]].append(row)
    return groups


def state_at(moment: datetime, stops: Sequence[Mapping[str, Any]], waits: Sequence[Mapping[str, Any]]) -> str:
    """What a session is doing just after a moment within its window: a stop takes precedence over a wait."""
    for state, periods in (("arret", stops), ("attente", waits)):
        if any(period["timestamp_debut"] <= moment < period["timestamp_fin"] for period in periods):
            return state
    return "production"


def segments(
    pieces: Sequence[Mapping[str, Any]], stops: Sequence[Mapping[str, Any]], waits: Sequence[Mapping[str, Any]]
) -> list[tuple[str, datetime, datetime]]:
    """A session's window cut wherever a period begins or ends; neighbours of one state are joined."""
    times = [piece["timestamp_production"] for piece in pieces]
    if not times:
        return []
    edges = {period[end] for period in (*stops, *waits) for end in ("timestamp_debut", "timestamp_fin")}
    cuts = sorted({min(times), max(times)} | {edge for edge in edges if min(times) < edge < max(times)})
    found: list[tuple[str, datetime, datetime]] = []
    for start, end in pairwise(cuts):
        state = state_at(start, stops, waits)
        if found and found[-1][0] == state:
            start = found.pop()[1]
        found.append((state, start, end))
    return found


def full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def hours_of(
    pieces: Sequence[Mapping[str, Any]], parts: Sequence[tuple[str, datetime, datetime]]
) -> dict[datetime, dict[str, Fraction]]:
    """Pieces, and seconds of each state, in every full hour that has some."""
    hours: dict[datetime, dict[str, Fraction]] = defaultdict(lambda: dict.fromkeys(("pieces", *STATES), Fraction(0)))
    for piece in pieces:
        hours[full_hour(piece["timestamp_production"])]["pieces"] += 1
    for state, start, end in parts:
        while start < end:
            until = end if full_hour(end) == full_hour(start) else full_hour(start) + HOUR
            hours[full_hour(start)][state] += seconds(until - start)
            start = until
    return hours


def cycles_of(pieces: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Fraction | None]]:
    """A session's pieces by the clock, each with the seconds since the one before it."""
    ordered = sorted(pieces, key=lambda piece: (piece["timestamp_production"], piece["numero_piece"]))
    times = [piece["timestamp_production"] for piece in ordered]
    return [(piece, seconds(times[rank] - times[rank - 1]) if rank else None) for rank, piece in enumerate(ordered)]


def middle(cycles: Iterable[Fraction | None]) -> Decimal | None:
    known = [cycle for cycle in cycles if cycle is not None]
    return rounded(Fraction(median(known)), 2) if known else None


def change(value: Fraction | None, before: Fraction | None) -> Decimal | None:
    """A change in percent."""
    return None if value is None or before is None else rounded(100 * (value - before) / before, 2)


def period_figures(pieces: Fraction, spent: Mapping[str, Fraction]) -> tuple[Row, Fraction | None]:
    """The net times and rates of a period, and its cadence before it is rounded."""
    window = sum(spent.values(), Fraction(0))
    names = {"production": "temps_production_net", "attente": "temps_attente_net", "arret": "temps_arret_net"}
    rates = {"production": "taux_occupation_net", "attente": "taux_attente_net", "arret": "taux_arret_net"}
    row: Row = dict.fromkeys(("duree_production_totale", *names.values(), *rates.values(), "cadence"))
    if not pieces:
        return row, None
    row["duree_production_totale"] = rounded(window / 3600, 4)
    for state in ("attente", "arret"):
        row[names[state]] = rounded(spent[state] / 3600, 4)
        row[rates[state]] = rounded(100 * spent[state] / window, 2) if window else None
    row[names["production"]] = row["duree_production_totale"] - row["temps_attente_net"] - row["temps_arret_net"]
    if window:
        row[rates["production"]] = 100 - row["taux_attente_net"] - row["taux_arret_net"]
    cadence = 3600 * pieces / spent["production"] if spent["production"] else None
    row["cadence"] = None if cadence is None else rounded(cadence, 2)
    return row, cadence


def period_rows(tables: Tables, begin: Callable[[date], date], hours: Mapping[SessionKey, Mapping[Any, Any]]) -> list[Row]:
    """One row for each centre and period of sessions; `begin` tells with which day a session's period begins."""
    pieces, stops = by_session(tables["piece_production"]), by_session(tables["periode_arret"])
    waits, profiles = by_session(tables["periode_attente"]), by_session(tables["job_profil"])
    periods: dict[SessionKey, list[SessionKey]] = defaultdict(list)
    for session in tables["session_production"]:
        periods[session["dossier"], begin(session["date_production"])].append((session["dossier"], session["date_production"]))
    rows: list[Row] = []
    before: dict[str, tuple[date, Fraction, Fraction | None]] = {}  # the latest period of a centre that has a piece
    for (dossier, start), sessions in sorted(periods.items()):
        parts = [part for session in sessions for part in hours[session].values()]
        count = sum((part["pieces"] for part in parts), Fraction(0))
        figures, cadence = period_figures(count, {state: sum((part[state] for part in parts), Fraction(0)) for state in STATES})
        stopped = [stop["duree_secondes"] for session in sessions for stop in stops[session]]
        waited = [wait["duree_secondes"] for session in sessions for wait in waits[session]]
        taken = [Fraction(bar["longueur"]) for session in sessions for bar in profiles[session]]
        previous = before.get(dossier, (None, None, None))
        rows.append(
            figures
            | {
                "dossier": dossier,
                "debut": start,
                "jours": sum(bool(pieces[session]) for session in sessions),
                "pieces": int(count),
                "temps_cycle_median": middle(cycle for session in sessions for _, cycle in cycles_of(pieces[session])),
                "nombre_arrets": len(stopped),
                "plus_long_arret": max(stopped, default=None),
                "nombre_attentes": len(waited),
                "plus_longue_attente": max(waited, default=None),
                "metres_profil": rounded(sum(taken, Fraction(0)) / 1000, 2),
                "date_precedente": previous[0],
                "variation_pieces": change(count, previous[1]),
                "variation_cadence": change(cadence, previous[2]),
            }
        )
        if count:
            before[dossier] = (start, count, cadence)
    return rows


def profile_rows(tables: Tables) -> tuple[list[Row], list[Row]]:
    """The profiles of each session, and of all sessions together."""
    pieces, profiles = by_session(tables["piece_production"]), by_session(tables["job_profil"])
    daily: list[Row] = []
    everything: dict[tuple[str, str | None], list[tuple[list[Mapping[str, Any]], list[Fraction | None]]]] = defaultdict(list)
    for (dossier, day), bars in sorted(profiles.items()):
        made = [
            (piece["job_profil_id"][0], piece["job_profil_id"][2], cycle)
            for piece, cycle in cycles_of(pieces[dossier, day])
            if piece["job_profil_id"] is not None
        ]
        for reference, couleur in dict.fromkeys((bar["reference"], bar["couleur"]) for bar in bars):
            taken = [bar for bar in bars if (bar["reference"], bar["couleur"]) == (reference, couleur)]
            cycles = [cycle for *profile, cycle in made if profile == [reference, couleur]]
            known = [cycle for cycle in cycles if cycle is not None]
            everything[reference, couleur].append((taken, cycles))
            daily.append(
                {
                    "dossier": dossier,
                    "date_production": day,
                    "reference": reference,
                    "couleur": couleur,
                    "barres": len(taken),
                    "metres": exactly(sum((Fraction(bar["longueur"]) for bar in taken), Fraction(0)) / 1000),
                    "pieces": len(cycles),
                    "nombre_cycles": len(known),
                    "secondes_cycles": exactly(sum(known, Fraction(0))),
                    "temps_cycle_median": middle(known),
                    "premiere_utilisation": min(bar["timestamp_debut"] for bar in taken),
                    "derniere_utilisation": max(bar["timestamp_debut"] for bar in taken),
                }
            )
    overall: list[Row] = []
    for (reference, couleur), sessions in everything.items():
        taken = [bar for bars, _ in sessions for bar in bars]
        cycles = [cycle for _, some in sessions for cycle in some]
        known = [cycle for cycle in cycles if cycle is not None]
        overall.append(
            {
                "reference": reference,
                "couleur": couleur,
                "barres": len(taken),
                "metres": rounded(sum((Fraction(bar["longueur"]) for bar in taken), Fraction(0)) / 1000, 2),
                "pieces": len(cycles),
                "temps_cycle_moyen": rounded(sum(known, Fraction(0)) / len(known), 2) if known else None,
                "nombre_sessions": len(sessions),
                "premiere_utilisation": min(bar["timestamp_debut"] for bar in taken),
                "derniere_utilisation": max(bar["timestamp_debut"] for bar in taken),
            }
        )
    return daily, overall


def indicator_marts(tables: Tables) -> dict[str, list[Row]]:
    """All indicator marts, from the reference's other marts."""
    pieces = by_session(tables["piece_production"])
    stops, waits = by_session(tables["periode_arret"]), by_session(tables["periode_attente"])
    chronology: list[Row] = []
    hourly: list[Row] = []
    hours: dict[SessionKey, dict[datetime, dict[str, Fraction]]] = {}
    for session in tables["session_production"]:
        key = (session["dossier"], session["date_production"])
        name = {"dossier": key[0], "date_production": key[1]}
        parts = segments(pieces[key], stops[key], waits[key])
        hours[key] = hours_of(pieces[key], parts)
        chronology += [
            name
            | {
                "numero_segment": rank,
                "etat": state,
                "timestamp_debut": start,
                "timestamp_fin": end,
                "duree_secondes": exactly(seconds(end - start)),
            }
            for rank, (state, start, end) in enumerate(parts, start=1)
        ]
        hourly += [
            name
            | {"heure": hour, "heure_du_jour": hour.hour, "pieces": int(spent["pieces"])}
            | {f"secondes_{state}": exactly(spent[state]) for state in STATES}
            for hour, spent in hours[key].items()
        ]

    days, weeks = [], []
    for row in period_rows(tables, lambda day: day, hours):
        del row["jours"]
        days.append(row | {"date_production": row.pop("debut")})
    for row in period_rows(tables, lambda day: day - timedelta(days=day.weekday()), hours):
        start = row.pop("debut")
        year, week, _ = start.isocalendar()
        weeks.append(row | {"date_debut": start, "annee_iso": year, "semaine_iso": week, "jours_avec_pieces": row.pop("jours")})
    daily_profiles, profiles = profile_rows(tables)
    return {
        "chronologie": chronology,
        "production_horaire": hourly,
        "production_journaliere": days,
        "production_hebdomadaire": weeks,
        "production_profil_journaliere": daily_profiles,
        "production_profil": profiles,
    }
