"""The reference for the declared working time: what the four seeds of shifts, breaks, closed days and cadences mean.

Like `tests.reference`, it is written from the rules alone and favours being obviously right over being fast. Times are the
factory's, as on the clock on its wall; a range goes from its first value to just before its second.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference import exact, hours, percentage

Row = dict[str, Any]
Seeds = Mapping[str, Sequence[Mapping[str, str | None]]]
Range = tuple[datetime, datetime]
Segment = tuple[str, datetime, datetime]

STATES = ("production", "attente", "arret")
HOUR, DAY, WEEK, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1), timedelta(microseconds=1)
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2100, 12, 31)

# --------------------------------------------------------------------------------------------------
# The clock on the wall
# --------------------------------------------------------------------------------------------------


class Clock:
    """The wall clock of a time zone, and the instants (UTC, without a zone) at which it shows a time."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.instant = cache(self._instant)

    def wall(self, instant: datetime) -> datetime:
        return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone).replace(tzinfo=None, fold=0)

    def _candidates(self, moment: datetime) -> list[datetime]:
        """With the offset before and the one after a change of the clock nearby; both are the same on other days."""
        offsets = [moment.replace(tzinfo=self.zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1)]
        return sorted(moment - offset for offset in offsets)

    def declared(self, moment: datetime) -> datetime:
        """The instant that PostgreSQL takes for a time: the second pass of one that comes twice, one that never comes moves on."""
        return self._candidates(moment)[1]

    def _instant(self, moment: datetime) -> datetime:
        """The instant of a machine's time, to measure with: the first at which the clock shows it, or something later."""
        earliest, latest = self._candidates(moment)
        if self.wall(earliest) == moment:
            return earliest
        steps = range((latest - earliest) // MICROSECOND)  # the clock jumps over it in one of them
        return earliest + bisect_left(steps, moment, key=lambda step: self.wall(earliest + step * MICROSECOND)) * MICROSECOND

    def elapsed(self, ranges: Iterable[Range]) -> Fraction:
        """The seconds that really go by in some ranges."""
        return sum((exact(self.instant(end)) - exact(self.instant(start)) for start, end in ranges), Fraction(0))


# --------------------------------------------------------------------------------------------------
# Ranges
# --------------------------------------------------------------------------------------------------


def without(ranges: Iterable[Range], holes: Iterable[Range]) -> list[Range]:
    """What is left of some ranges."""
    left = [(start, end) for start, end in ranges if start < end]
    for begin, until in (hole for hole in holes if hole[0] < hole[1]):
        parts = [part for start, end in left for part in ((start, min(end, begin)), (max(start, until), end))]
        left = [(start, end) for start, end in parts if start < end]
    return left


def within(ranges: Iterable[Range], others: Sequence[Range]) -> list[Range]:
    """What two sets of ranges have in common."""
    common = [(max(start, begin), min(end, until)) for start, end in ranges for begin, until in others]
    return [(start, end) for start, end in common if start < end]


def disjoint(ranges: Iterable[Range]) -> list[Range]:
    """The same time, none of it twice, in ascending order."""
    found: list[Range] = []
    for each in ranges:
        found += without([each], found)
    return sorted(found)


def clock_seconds(ranges: Iterable[Range]) -> Fraction:
    """The seconds of some ranges by the clock on the wall, whatever it was set to in between."""
    return sum((exact(end) - exact(start) for start, end in ranges), Fraction(0))


def of_state(parts: Iterable[Segment], state: str) -> list[Range]:
    return [(start, end) for each, start, end in parts if each == state]


# --------------------------------------------------------------------------------------------------
# The rows of the seeds
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A row that can be read; a column that its file does not have is empty. Times of day count from its own day's midnight."""

    line: int
    centre: str
    du: date
    au: date
    jours: frozenset[int] = frozenset(range(1, 8))
    debut: timedelta = timedelta()
    fin: timedelta = timedelta()
    poste: str = ""
    motif: str = ""
    cadence: Fraction = Fraction(0)

    def valid_on(self, day: date) -> bool:
        return self.du <= day <= self.au


def read_days(text: str) -> frozenset[int] | None:
    match = re.fullmatch(r"([1-7])(?:-([1-7]))?", text or "1-7")
    days = frozenset(range(int(match[1]), int(match[2] or match[1]) + 1)) if match else None
    return days or None


def read_time(text: str) -> timedelta | None:
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?", text)
    time = timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0)) if match else None
    return time if time is not None and time <= DAY else None


def read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def read_rule(file: str, line: int, values: Mapping[str, str], centres: Iterable[str]) -> Rule | str:
    """A row's meaning, or the first error that it has by itself."""
    if values["centre"] and values["centre"] not in centres:
        return "centre inconnu"
    jours = read_days(values.get("jours", ""))
    if jours is None:
        return "jours illisibles"
    debut, fin = timedelta(), DAY
    if file in ("postes", "pauses"):
        begin, end = read_time(values["debut"]), read_time(values["fin"])
        if begin is None or end is None or begin == DAY:
            return "heure illisible"
        if begin == end:
            return "début égal à la fin"
        debut, fin = begin, end if end > begin else end + DAY
        if end < begin and fin - debut > 12 * HOUR:
            return "finit avant de commencer"
    if file == "jours_fermes":
        du, au = read_date(values["du"]), read_date(values["au"] or values["du"])
    else:
        du, au = (read_date(values[name] or str(bound)) for name, bound in (("valable_du", date.min), ("valable_au", date.max)))
    if du is None or au is None:
        return "date illisible"
    if au < du:
        return "dates inversées"
    if file == "postes" and not values["poste"]:
        return "poste sans nom"
    if file == "jours_fermes" and not values["motif"]:
        return "motif vide"
    cadence = values.get("pieces_par_heure", "1").replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", cadence) or not Fraction(cadence):
        return "pieces_par_heure"
    poste, motif = values.get("poste", ""), values.get("motif", "")
    return Rule(line, values["centre"], du, au, jours, debut, fin, poste, motif, Fraction(cadence))


def validities_meet(one: Rule, other: Rule) -> bool:
    return one.du <= other.au and other.du <= one.au


def clash(file: str, one: Rule, other: Rule) -> bool:
    """May two rows of a file not stand beside each other? Days closed twice do no harm."""
    if file == "jours_fermes" or one.centre != other.centre or not validities_meet(one, other):
        return False
    if file == "pauses" and one.poste != other.poste and one.poste and other.poste:
        return False

    def week(rule: Rule) -> list[tuple[timedelta, timedelta]]:
        return [(day * DAY + rule.debut, day * DAY + rule.fin) for day in rule.jours]

    return file == "cadences" or any(
        start < until + offset and begin + offset < end
        for start, end in week(one)
        for begin, until in week(other)
        for offset in (-WEEK, timedelta(), WEEK)
    )


def place(pause: Rule, poste: Rule) -> tuple[timedelta, timedelta] | None:
    """When a break begins and how long it lasts, counted from the date of the shift; None if it does not lie within the shift."""
    begin = pause.debut if pause.debut >= poste.debut else pause.debut + DAY
    duration = pause.fin - pause.debut
    return (begin, duration) if pause.poste in ("", poste.poste) and begin + duration <= poste.fin else None


# --------------------------------------------------------------------------------------------------
# The working time
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """A shift that occurs, with its breaks."""

    date_poste: date
    poste: str
    debut: datetime
    fin: datetime
    pauses: tuple[Range, ...]

    @property
    def span(self) -> list[Range]:
        return [(self.debut, self.fin)]

    @property
    def planned(self) -> list[Range]:
        return without(self.span, self.pauses)


class WorkingTime:
    """What the seeds declare for the centres of these names, and which days are finished by the last load."""

    def __init__(
        self,
        seeds: Seeds | None = None,
        centres: Iterable[str] = (),
        debut_journee: str = "00:00",
        last_load: datetime | None = None,
        zone: str = "Europe/Paris",
    ) -> None:
        self.clock = Clock(zone)
        hour, minute = debut_journee.split(":")[:2]
        self.debut_journee = timedelta(hours=int(hour), minutes=int(minute))
        self.last_load = last_load or datetime.now(self.clock.zone).replace(tzinfo=None)
        self.errors: list[tuple[str, int, str]] = []
        self.rules: dict[str, list[Rule]] = {}
        for file in ("postes", "pauses", "jours_fermes", "cadences"):
            self._read(file, (seeds or {}).get(file, ()), set(centres))
        self.shifts = cache(self._shifts)

    def _read(self, file: str, rows: Sequence[Mapping[str, str | None]], centres: set[str]) -> None:
        readable: list[Rule] = []
        self.rules[file] = []
        for line, row in enumerate(rows, start=2):
            values = {name: (value or "").strip() for name, value in row.items()}
            if not any(values.values()):
                continue
            rule = read_rule(file, line, values, centres)
            if not isinstance(rule, str):
                readable.append(rule)
                if any(clash(file, rule, earlier) for earlier in readable[:-1]):
                    rule = "chevauchement"
                elif file == "pauses" and not any(self._could_belong(rule, poste) for poste in self.rules["postes"]):
                    rule = "pause hors poste"
            if isinstance(rule, str):
                self.errors.append((file, line, rule))
            else:
                self.rules[file].append(rule)

    def _could_belong(self, pause: Rule, poste: Rule) -> bool:
        concerned = not pause.centre or poste in self.rules_of("postes", pause.centre)
        days = bool(pause.jours & poste.jours) and validities_meet(pause, poste)
        return concerned and days and place(pause, poste) is not None

    # What holds on a date

    def rules_of(self, file: str, centre: str) -> list[Rule]:
        """The valid rows of a file that concern a centre: its own if it has some, else those for all centres."""
        own, common = ([rule for rule in self.rules[file] if rule.centre == name] for name in (centre, ""))
        return own + common if file == "jours_fermes" else own or common

    def declared(self, centre: str, day: date) -> bool:
        return FIRST_DATE <= day <= LAST_DATE and any(rule.valid_on(day) for rule in self.rules_of("postes", centre))

    def closed(self, centre: str, day: date) -> list[str]:
        """Why a date is closed."""
        return sorted({rule.motif for rule in self.rules_of("jours_fermes", centre) if rule.valid_on(day)})

    def cadence(self, centre: str, day: date) -> Fraction | None:
        return next((rule.cadence for rule in self.rules_of("cadences", centre) if rule.valid_on(day)), None)

    def _shifts(self, centre: str, day: date) -> list[Shift]:
        """The shifts that occur on a date, in the order in which they begin."""
        if not self.declared(centre, day) or self.closed(centre, day):
            return []
        midnight, clock = datetime.combine(day, datetime.min.time()), self.clock

        def of_the_day(file: str) -> list[Rule]:
            return [rule for rule in self.rules_of(file, centre) if rule.valid_on(day) and day.isoweekday() in rule.jours]

        def range_of(begin: timedelta, duration: timedelta) -> Range:
            start = clock.declared(midnight + begin)
            return clock.wall(start), clock.wall(start + duration)

        found = []
        for poste in of_the_day("postes"):
            debut, fin = (clock.wall(clock.instant(midnight + time)) for time in (poste.debut, poste.fin))
            places = [each for pause in of_the_day("pauses") if (each := place(pause, poste)) is not None]
            found.append(Shift(day, poste.poste, debut, fin, tuple(sorted(range_of(*each) for each in places))))
        return sorted(found, key=lambda shift: (shift.debut, shift.poste))

    def postes(self, centre: str, day: date) -> str | None:
        return ", ".join(shift.poste for shift in self.shifts(centre, day)) if self.declared(centre, day) else None

    def production_day(self, moment: datetime) -> date:
        return (moment - self.debut_journee).date()

    def finished(self, day: date) -> bool:
        """Has the production day ended by the last load?"""
        return day < self.production_day(self.last_load)

    def window(self, day: date) -> Range:
        start = datetime.combine(day, datetime.min.time()) + self.debut_journee
        return start, start + DAY

    # What holds at a time

    def around(self, centre: str, *moments: datetime) -> list[Shift]:
        """The shifts that may hold one of these times, or a time between them."""
        first, last = max(min(moments).date(), FIRST_DATE), min(max(moments).date(), LAST_DATE)
        dates = [first + number * DAY for number in range(-1, (last - first).days + 1)]
        return [shift for day in dates for shift in self.shifts(centre, day)]

    def poste_at(self, centre: str, moment: datetime) -> str | None:
        return next((shift.poste for shift in self.around(centre, moment) if shift.debut <= moment < shift.fin), None)

    def poste_in_hour(self, centre: str, hour: datetime) -> str | None:
        """The first shift that has a part of the hour."""
        shifts = self.around(centre, hour, min(hour, datetime.max - HOUR) + HOUR)
        return next((shift.poste for shift in shifts if shift.debut < shift.fin and shift.debut - HOUR < hour < shift.fin), None)

    def plages(self, centre: str, *span: datetime) -> dict[str, list[Range]]:
        """The time from one moment to another that is planned, that is a break, and that is neither."""
        start, end = span
        shifts = self.around(centre, start, end)
        planned = within([(start, end)], disjoint(part for shift in shifts for part in shift.planned))
        breaks = within([(start, end)], disjoint(part for shift in shifts for part in shift.pauses))
        return {"poste": planned, "pause": breaks, "hors_poste": without([(start, end)], planned + breaks)}

    def planned_seconds(self, centre: str, day: date) -> Fraction:
        """The seconds of a production day on which work is planned."""
        parts = self.plages(centre, *self.window(day))
        present = self.clock.elapsed(disjoint([*parts["poste"], *parts["pause"]]))
        return present - self.breaks(parts["pause"])

    def breaks(self, pauses: Iterable[Range]) -> Fraction:
        """The seconds of breaks, which last as long as declared, also when the clock changes."""
        return sum((min(self.clock.elapsed([pause]), clock_seconds([pause])) for pause in pauses), Fraction(0))

    def spent(self, parts: Sequence[Segment], ranges: Sequence[Range]) -> dict[str, Fraction]:
        """The seconds of each state that go by in some ranges."""
        return {state: self.clock.elapsed(within(of_state(parts, state), ranges)) for state in STATES}

    # Marts

    def first_date(self, sessions: Iterable[date]) -> date:
        """The date with which a centre's calendar begins."""
        today = self.last_load.date()
        return min((day for day in sessions if FIRST_DATE <= day <= today + DAY), default=today)

    def calendar_rows(self, centre: str, sessions: Iterable[date]) -> list[Row]:
        """A centre's `calendrier`."""
        first, last = self.first_date(sessions), date(self.last_load.year + 1, 12, 31)
        return [self._calendar_row(centre, first + number * DAY) for number in range((last - first).days + 1)]

    def _calendar_row(self, centre: str, day: date) -> Row:
        year, week, weekday = day.isocalendar()
        declared, is_open = self.declared(centre, day), bool(self.shifts(centre, day))
        closed_because = "aucun poste prévu" if declared else "horaire non déclaré"
        return {
            "centre": centre,
            "date_production": day,
            "jour_semaine": weekday,
            "annee_iso": year,
            "semaine_iso": week,
            "date_semaine": day - (weekday - 1) * DAY,
            "mois": day.replace(day=1),
            "ouvert": is_open if declared else None,
            "motif": None if is_open else ", ".join(self.closed(centre, day)) or closed_because,
            "postes": self.postes(centre, day),
            "temps_prevu": hours(self.planned_seconds(centre, day)) if declared else None,
        }

    def shift_rows(
        self, centre: str, times: Mapping[date, Sequence[datetime]], parts: Mapping[date, Sequence[Segment]]
    ) -> list[Row]:
        """A centre's `production_poste`, from the times of the pieces and the segments of all its sessions."""
        rows = []
        first, today = self.first_date(times), self.last_load.date()
        for day in (first + number * DAY for number in range((today - first).days + 1)):
            near = [each for offset in (-1, 0, 1) if (each := day + offset * DAY) in times]
            made = [moment for session in near for moment in times[session]]
            segments = [part for session in near for part in parts[session]]
            rows += [
                self._shift_row(shift, made, segments, self.cadence(centre, day))
                for shift in self.shifts(centre, day)
                if shift.debut <= self.last_load
            ]
        for day in times:
            if self.declared(centre, day):
                rows += self._outside_row(centre, day, times[day], parts[day])
        return [{"centre": centre, **row} for row in rows]

    def _shift_row(self, shift: Shift, made: Sequence[datetime], parts: Sequence[Segment], cadence: Fraction | None) -> Row:
        pieces = sum(any(start <= moment < end for start, end in shift.planned) for moment in made)
        theoretical = None if cadence is None else 3600 * pieces / cadence
        planned = self.clock.elapsed(shift.span) - self.breaks(within(shift.span, shift.pauses))
        figures = working_figures(planned, self.spent(parts, shift.planned), theoretical)
        done = shift.fin <= self.last_load
        if not done:
            figures |= dict.fromkeys(("temps_prevu", "temps_sans_piece", *RATES))
        return figures | {
            "date_poste": shift.date_poste,
            "poste": shift.poste,
            "debut": shift.debut,
            "fin": shift.fin,
            "termine": done,
            "pieces": sum(shift.debut <= moment < shift.fin for moment in made),
            "pieces_en_horaire": pieces,
            "temps_arret_en_pause": hours(clock_seconds(within(of_state(parts, "arret"), disjoint(shift.pauses)))),
        }

    def _outside_row(self, centre: str, day: date, made: Sequence[datetime], parts: Sequence[Segment]) -> list[Row]:
        spans = [span for shift in self.around(centre, *self.window(day)) for span in shift.span]
        pieces = sum(not any(start <= moment < end for start, end in spans) for moment in made)
        outside = without([self.window(day)], spans)
        if not pieces and not within([(start, end) for _, start, end in parts], outside):
            return []
        row: Row = dict.fromkeys(("poste", "debut", "fin", "pieces_en_horaire", "temps_prevu", "temps_sans_piece", *RATES))
        spent = self.spent(parts, outside) | {"arret_en_pause": Fraction(0)}
        times = {f"temps_{name}": hours(seconds) for name, seconds in spent.items()}
        return [row | times | {"date_poste": day, "termine": self.finished(day), "pieces": pieces}]


RATES = ("taux_disponibilite", "taux_performance", "taux_rendement")


def working_figures(planned: Fraction, spent: Mapping[str, Fraction], theoretical: Fraction | None, suffix: str = "") -> Row:
    """The hours and rates of planned time; `theoretical` is what its pieces would take at the declared cadence."""
    row: Row = {"temps_prevu": hours(planned)} | {f"temps_{state}{suffix}": hours(spent[state]) for state in STATES}
    spare = row["temps_prevu"] - sum(row[f"temps_{state}{suffix}"] for state in STATES)
    row[f"temps_sans_piece{suffix}"] = spare if spare > 0 else spare * 0  # all four are rounded
    production = spent["production"]
    availability = percentage(production, planned) if planned else None
    performance = percentage(theoretical, production) if theoretical is not None and production else None
    overall = percentage(theoretical, planned) if theoretical is not None and None not in (availability, performance) else None
    return row | dict(zip(RATES, (availability, performance, overall), strict=True))
