"""The reference for the indicator marts, in plain Python, computed from the reference's sessions, pieces, profiles and periods.

Like `tests.reference`, it favours being obviously right over being fast, and its rows name what surrogate keys stand for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

from tests.reference import exact
from tests.working_time import RATES, STATES, Range, Segment, WorkingTime, clock_seconds, of_state, within, working_figures

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
SessionKey = tuple[str, date]

HOUR = timedelta(hours=1)
# The variables comparaison_semaines, comparaison_minimum, alertes_jours_ouvres, pertes_micro_minutes and pertes_longue_minutes.
COMPARED_DAYS, COMPARED_AT_LEAST, WORKING_DAYS = 12 * 7, 5, range(1, 6)
MICRO_MINUTES, LONG_MINUTES = 5, 30
IN_PLANNED_TIME = tuple(f"temps_{name}_en_horaire" for name in (*STATES, "sans_piece"))


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
) -> list[Segment]:
    """A session's window cut wherever a period begins or ends; neighbours of one state are joined."""
    times = [piece["timestamp_production"] for piece in pieces]
    if not times:
        return []
    edges = {period[end] for period in (*stops, *waits) for end in ("timestamp_debut", "timestamp_fin")}
    cuts = sorted({min(times), max(times)} | {edge for edge in edges if min(times) < edge < max(times)})
    found: list[Segment] = []
    for start, end in pairwise(cuts):
        state = state_at(start, stops, waits)
        if found and found[-1][0] == state:
            start = found.pop()[1]
        found.append((state, start, end))
    return found


def full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def by_hour(start: datetime, end: datetime) -> Iterator[Range]:
    """A range cut at full hours."""
    while start < end:
        until = end if full_hour(end) == full_hour(start) else full_hour(start) + HOUR
        yield start, until
        start = until


def hours_of(pieces: Sequence[Mapping[str, Any]], parts: Sequence[Segment]) -> dict[datetime, dict[str, Fraction]]:
    """Pieces, and seconds of each state, in every full hour that has some."""
    hours: dict[datetime, dict[str, Fraction]] = defaultdict(lambda: dict.fromkeys(("pieces", *STATES), Fraction(0)))
    for piece in pieces:
        hours[full_hour(piece["timestamp_production"])]["pieces"] += 1
    for state, start, end in parts:
        for begin, until in by_hour(start, end):
            hours[full_hour(begin)][state] += seconds(until - begin)
    return hours


def cycles_of(pieces: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Fraction | None]]:
    """A session's pieces by the clock, each with the seconds since the one before it."""
    ordered = sorted(pieces, key=lambda piece: (piece["timestamp_production"], piece["numero_piece"]))
    times = [piece["timestamp_production"] for piece in ordered]
    return [(piece, seconds(times[rank] - times[rank - 1]) if rank else None) for rank, piece in enumerate(ordered)]


def middle(cycles: Iterable[Fraction | None]) -> Decimal | None:
    known = [cycle for cycle in cycles if cycle is not None]
    return rounded(Fraction(median(known)), 2) if known else None


def names_of(tables: Tables) -> dict[str, str]:
    """The name of each folder's centre."""
    return {centre["dossier"]: centre["nom"] for centre in tables["centre_usinage"]}


def period_figures(pieces: Fraction, spent: Mapping[str, Fraction]) -> Row:
    """The net times and rates of a period, and its cadence."""
    window = sum(spent.values(), Fraction(0))
    names = {"production": "temps_production_net", "attente": "temps_attente_net", "arret": "temps_arret_net"}
    rates = {"production": "taux_occupation_net", "attente": "taux_attente_net", "arret": "taux_arret_net"}
    row: Row = dict.fromkeys(("duree_production_totale", *names.values(), *rates.values(), "cadence"))
    if not pieces:
        return row
    row["duree_production_totale"] = rounded(window / 3600, 4)
    for state in ("attente", "arret"):
        row[names[state]] = rounded(spent[state] / 3600, 4)
        row[rates[state]] = rounded(100 * spent[state] / window, 2) if window else None
    row[names["production"]] = row["duree_production_totale"] - row["temps_attente_net"] - row["temps_arret_net"]
    if window:
        row[rates["production"]] = 100 - row["taux_attente_net"] - row["taux_arret_net"]
    row["cadence"] = rounded(3600 * pieces / spent["production"], 2) if spent["production"] else None
    return row


def period_row(made: Sequence[Sequence[Mapping[str, Any]]], bars: Iterable[Mapping[str, Any]], parts: Sequence[Segment]) -> Row:
    """What was made in a period, given the pieces of each of its sessions, its profiles and segments."""
    lengths = {state: [seconds(end - start) for start, end in of_state(parts, state)] for state in STATES}
    longest = {state: rounded(max(each) / 3600, 4) if each else None for state, each in lengths.items()}
    count = sum(len(pieces) for pieces in made)
    return period_figures(Fraction(count), {state: sum(each, Fraction(0)) for state, each in lengths.items()}) | {
        "pieces": count,
        "temps_cycle_median_secondes": middle(cycle for pieces in made for _, cycle in cycles_of(pieces)),
        "plus_long_arret": longest["arret"],
        "plus_longue_attente": longest["attente"],
        "metres_profil": rounded(sum((Fraction(bar["longueur"]) for bar in bars), Fraction(0)) / 1000, 2),
    }


@dataclass(frozen=True)
class Worked:
    """What a declared session did at planned moments, and the seconds of its stops within breaks."""

    pieces: int
    spent: Mapping[str, Fraction]
    cadence: Fraction | None
    stopped_in_breaks: Fraction

    @property
    def theoretical(self) -> Fraction | None:
        """The seconds that its pieces would take at the declared cadence; None where that is missed."""
        if self.cadence is not None:
            return 3600 * self.pieces / self.cadence
        return None if self.pieces or self.spent["production"] else Fraction(0)


def worked(
    work: WorkingTime, centre: str, day: date, pieces: Sequence[Mapping[str, Any]], parts: Sequence[Segment]
) -> Worked | None:
    if not work.declared(centre, day):
        return None
    plages = work.plages(centre, *work.window(day))
    count = sum(any(start <= piece["timestamp_production"] < end for start, end in plages["poste"]) for piece in pieces)
    stopped = clock_seconds(within(of_state(parts, "arret"), plages["pause"]))
    return Worked(count, work.spent(parts, plages["poste"]), work.cadence(centre, day), stopped)


def planned_time(prevu: Fraction | None, sessions: Sequence[Worked]) -> Row:
    """The columns about the planned time of finished days, of which these are the declared sessions."""
    if prevu is None:
        return dict.fromkeys(("temps_prevu", "pieces_en_horaire", *IN_PLANNED_TIME, *RATES))
    spent = {state: sum((each.spent[state] for each in sessions), Fraction(0)) for state in STATES}
    needed = [each.theoretical for each in sessions]
    theoretical = None if None in needed else sum((each for each in needed if each is not None), Fraction(0))
    return working_figures(prevu, spent, theoretical, "_en_horaire") | {"pieces_en_horaire": sum(each.pieces for each in sessions)}


def breaks(row: Row, sessions: Sequence[Worked]) -> Row:
    """The stops within breaks and outside of them, of a period that has these declared sessions."""
    if not sessions or not row["pieces"]:
        return dict.fromkeys(("temps_arret_en_pause", "temps_arret_hors_pause"))
    inside = rounded(sum((each.stopped_in_breaks for each in sessions), Fraction(0)) / 3600, 4)
    return {"temps_arret_en_pause": inside, "temps_arret_hors_pause": row["temps_arret_net"] - inside}


def spread(values: Sequence[Fraction]) -> tuple[Decimal | None, Decimal | None]:
    """The median, and a robust standard deviation."""
    if not values:
        return None, None
    usual = median(values)
    return rounded(usual, 2), rounded(Fraction("1.4826") * median(abs(value - usual) for value in values), 2)


def usual_day(row: Row, days: Iterable[Row]) -> Row:
    """A day beside the days of its kind before it."""
    day = row["date_production"]
    names = ("pieces_habituelles", "dispersion_pieces", "occupation_habituelle", "dispersion_occupation")
    alike = [
        other
        for other in days
        if (other["centre"], other["postes"]) == (row["centre"], row["postes"])
        and other["pieces"]
        and 1 <= (day - other["date_production"]).days <= COMPARED_DAYS
        and (row["postes"] is not None or same_side(day, other["date_production"]))
    ]
    same_weekday = [other for other in alike if other["date_production"].weekday() == day.weekday()]
    compared = same_weekday if len(same_weekday) >= COMPARED_AT_LEAST else alike
    if not row["terminee"] or len(compared) < COMPARED_AT_LEAST:
        return dict.fromkeys(("comparables", "ecart_habituel", *names))
    pieces = [Fraction(other["pieces"]) for other in compared]
    occupations = [Fraction(other["taux_occupation_net"]) for other in compared if other["taux_occupation_net"] is not None]
    return {
        "comparables": len(compared),
        "ecart_habituel": rounded(100 * (row["pieces"] - median(pieces)) / median(pieces), 2),
        **dict(zip(names, (*spread(pieces), *spread(occupations)), strict=True)),
    }


def same_side(one: date, other: date) -> bool:
    """Are both working days, or neither?"""
    return (one.isoweekday() in WORKING_DAYS) == (other.isoweekday() in WORKING_DAYS)


def usual_week(start: date, open_days: int, rate: Fraction | None, rates: Mapping[date, Fraction | None]) -> Row:
    """A week beside the weeks before it, all of them by their pieces a day."""
    known = [each for week, each in rates.items() if 7 <= (start - week).days <= COMPARED_DAYS and each]
    if rate is None or len(known) < COMPARED_AT_LEAST:
        return dict.fromkeys(("comparables", "pieces_habituelles", "ecart_habituel"))
    usual = median(known)
    return {
        "comparables": len(known),
        "pieces_habituelles": rounded(usual * open_days, 2),
        "ecart_habituel": rounded(100 * (rate - usual) / usual, 2),
    }


def period_rows(tables: Tables, work: WorkingTime, parts: Mapping[SessionKey, Sequence[Segment]]) -> tuple[list[Row], list[Row]]:
    """Days and weeks."""
    names, pieces, bars = names_of(tables), by_session(tables["piece_production"]), by_session(tables["job_profil"])
    stops, waits = by_session(tables["periode_arret"]), by_session(tables["periode_attente"])
    used = {key: worked(work, names[key[0]], key[1], pieces[key], parts[key]) for key in parts}
    weekly: dict[SessionKey, list[SessionKey]] = defaultdict(list)
    for dossier, day in parts:
        weekly[dossier, day - timedelta(days=day.weekday())].append((dossier, day))

    def common(sessions: Sequence[SessionKey]) -> Row:
        row = period_row(
            [pieces[key] for key in sessions],
            [bar for key in sessions for bar in bars[key]],
            [part for key in sessions for part in parts[key]],
        )
        declared = [each for key in sessions if (each := used[key]) is not None]
        return (
            row
            | breaks(row, declared)
            | {
                "dossier": sessions[0][0],
                "centre": names[sessions[0][0]],
                "nombre_arrets": sum(len(stops[key]) for key in sessions),
                "nombre_attentes": sum(len(waits[key]) for key in sessions),
            }
        )

    def finished(sessions: Iterable[SessionKey]) -> list[Worked]:
        return [each for key in sessions if (each := used[key]) is not None and work.finished(key[1])]

    days = []
    for dossier, day in parts:
        centre, now = names[dossier], finished([(dossier, day)])
        row = common([(dossier, day)]) | planned_time(work.planned_seconds(centre, day) if now else None, now)
        days.append(row | {"date_production": day, "terminee": work.finished(day), "postes": work.postes(centre, day)})

    weeks: list[Row] = []
    rates: dict[str, dict[date, Fraction | None]] = defaultdict(dict)
    for (dossier, start), sessions in sorted(weekly.items()):
        centre = names[dossier]
        week = [start + timedelta(days=number) for number in range(min(7, (date.max - start).days + 1))]
        done = [day for day in week if work.finished(day)]
        open_days = sum(bool(work.shifts(centre, day) if work.declared(centre, day) else pieces[dossier, day]) for day in done)
        made = sum(len(pieces[dossier, day]) for day in done)
        rate = Fraction(made, open_days) if open_days else None
        declared = [work.planned_seconds(centre, day) for day in done if work.declared(centre, day)]
        year, number, _ = start.isocalendar()
        weeks.append(
            common(sessions)
            | planned_time(sum(declared, Fraction(0)) if declared else None, finished(sessions))
            | usual_week(start, open_days, rate, rates[dossier])
            | {
                "date_debut": start,
                "annee_iso": year,
                "semaine_iso": number,
                "jours_avec_pieces": sum(bool(pieces[key]) for key in sessions),
                "terminee": work.finished(week[-1]),
                "jours_ouverts": open_days,
                "pieces_par_jour_ouvert": None if rate is None else rounded(rate, 2),
            }
        )
        rates[dossier][start] = rate
    return [row | usual_day(row, days) for row in days], weeks


def loss_rows(tables: Tables, work: WorkingTime, parts: Mapping[SessionKey, Sequence[Segment]]) -> list[Row]:
    """`pertes`: the stops and waits of each session, by hour, shift, break, class and profile."""
    names, profiles = names_of(tables), by_session(tables["job_profil"])
    columns = ("centre", "date_production", "heure_du_jour", "poste", "etat", "classe", "en_pause", "reference", "couleur")
    minutes: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    begun: dict[tuple[Any, ...], int] = defaultdict(int)
    for (dossier, day), segments_of_day in parts.items():
        centre = names[dossier]
        for state, start, end in segments_of_day:
            if state == "production":
                continue
            length = seconds(end - start) / 60
            length_class = "micro" if length < MICRO_MINUTES else "longue" if length >= LONG_MINUTES else "moyenne"
            before = [bar for bar in profiles[dossier, day] if bar["timestamp_debut"] <= start]
            # Of two at one time, the later in the session's order.
            bar = max(reversed(before), key=lambda bar: bar["timestamp_debut"], default={"reference": None, "couleur": None})
            for plage, ranges in work.plages(centre, start, end).items():
                for begin, until in (cut for part in ranges for cut in by_hour(*part)):
                    where = (centre, day, begin.hour, work.poste_at(centre, begin))
                    cell = (*where, state, length_class, plage == "pause", bar["reference"], bar["couleur"])
                    minutes[cell] += seconds(until - begin) / 60
                    begun[cell] += begin == start
    return [
        dict(zip(columns, cell, strict=True)) | {"nombre": begun[cell], "minutes": rounded(total, 6)}
        for cell, total in minutes.items()
    ]


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
                    "temps_cycle_median_secondes": middle(known),
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
                "temps_cycle_moyen_secondes": rounded(sum(known, Fraction(0)) / len(known), 2) if known else None,
                "nombre_sessions": len(sessions),
                "premiere_utilisation": min(bar["timestamp_debut"] for bar in taken),
                "derniere_utilisation": max(bar["timestamp_debut"] for bar in taken),
            }
        )
    return daily, overall


def indicator_marts(tables: Tables, work: WorkingTime | None = None) -> dict[str, list[Row]]:
    """All indicator marts, and the marts of the machines with what the working time adds to them, from the reference's other marts.

    Without a working time nothing is declared, and the last load is now.
    """
    work = work or WorkingTime()
    names = names_of(tables)
    pieces = by_session(tables["piece_production"])
    stops, waits = by_session(tables["periode_arret"]), by_session(tables["periode_attente"])
    sessions = [(session["dossier"], session["date_production"]) for session in tables["session_production"]]
    parts = {key: segments(pieces[key], stops[key], waits[key]) for key in sessions}

    def with_poste(table: str, moment: str) -> list[Row]:
        return [{**row, "poste": work.poste_at(names[row["dossier"]], row[moment])} for row in tables[table]]

    def beside_breaks(row: Row) -> Decimal:
        start, end = row["timestamp_debut"], row["timestamp_fin"]
        return exactly(exact(end) - exact(start) - clock_seconds(work.plages(names[row["dossier"]], start, end)["pause"]))

    days, weeks = period_rows(tables, work, parts)
    daily_profiles, profiles = profile_rows(tables)
    marts: dict[str, list[Row]] = {
        "session_production": [
            {**row, "centre": centre, "postes": work.postes(centre, row["date_production"])}
            for row in tables["session_production"]
            for centre in [names[row["dossier"]]]
        ],
        "piece_production": with_poste("piece_production", "timestamp_production"),
        "periode_attente": with_poste("periode_attente", "timestamp_debut"),
        "periode_arret": [
            {**row, "secondes_hors_pause": beside_breaks(row)} for row in with_poste("periode_arret", "timestamp_debut")
        ],
        "chronologie": [
            {
                "dossier": dossier,
                "date_production": day,
                "numero_segment": rank,
                "etat": state,
                "timestamp_debut": start,
                "timestamp_fin": end,
                "duree_secondes": exactly(seconds(end - start)),
            }
            for (dossier, day), found in parts.items()
            for rank, (state, start, end) in enumerate(found, start=1)
        ],
        "production_horaire": [
            {
                "dossier": dossier,
                "centre": names[dossier],
                "date_production": day,
                "heure": hour,
                "heure_du_jour": hour.hour,
                "poste": work.poste_in_hour(names[dossier], hour),
                "pieces": int(spent["pieces"]),
                **{f"secondes_{state}": exactly(spent[state]) for state in STATES},
            }
            for (dossier, day), found in parts.items()
            for hour, spent in hours_of(pieces[dossier, day], found).items()
        ],
        "production_journaliere": days,
        "production_hebdomadaire": weeks,
        "production_profil_journaliere": [{**row, "centre": names[row["dossier"]]} for row in daily_profiles],
        "production_profil": profiles,
        "pertes": loss_rows(tables, work, parts),
        "calendrier": [],
        "production_poste": [],
    }
    for dossier, centre in names.items():
        own = [day for folder, day in sessions if folder == dossier]
        times = {day: [piece["timestamp_production"] for piece in pieces[dossier, day]] for day in own}
        marts["calendrier"] += work.calendar_rows(centre, own)
        marts["production_poste"] += work.shift_rows(centre, times, {day: parts[dossier, day] for day in own})
    return marts
