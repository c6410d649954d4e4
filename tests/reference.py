"""The reference: what every mart must hold for given inputs, in plain Python.

Written from the data contract alone, without a look at the SQL, so that the two can be compared
value by value. It favours being obviously right over being fast. Nothing here reads or writes anything.

Marts come back as lists of rows with the contract's columns, with these differences:

- surrogate keys are replaced by what they stand for: `centre_usinage_id` by `dossier`, `session_id` by
  `dossier` and `date_production`, `job_profil_id` by the profile's (reference, longueur, couleur,
  timestamp_debut) or None; a table's own `id` is left out;
- the platform's own times (`modifie_le`, `charge_le`, `date_synchronisation`) are left out.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

Row = dict[str, object]
Logs = Mapping[tuple[str, str], bytes]
ErpRows = Sequence[Mapping[str, object]]
ProfileKey = tuple[str, Decimal, str | None, datetime]
Interval = tuple[Fraction, Fraction]

BLANKS = " \t\v\f\r"
BOM_AS_LATIN1 = "\u00ef\u00bb\u00bf"
LONGEST_WAIT = 86_400
LONGEST_ID = 32
TODAY = date(2025, 6, 13)  # the day to which the ages of orders are counted
TOO_LONG = Decimal(10) ** 12  # the first length that numeric(14,2) cannot hold

# --------------------------------------------------------------------------------------------------
# Rounding
# --------------------------------------------------------------------------------------------------


def round_half_away(value: Fraction, places: int) -> Decimal:
    """Round like PostgreSQL's numeric: half away from zero (§5.1, "each rounded once")."""
    scaled = abs(value) * 10**places
    units = int(scaled + Fraction(1, 2))
    return Decimal(-units if value < 0 else units).scaleb(-places)


def hours(seconds: Fraction) -> Decimal:
    """Exact seconds as hours, numeric(14,4) (§5, §5.1)."""
    return round_half_away(seconds / 3600, 4)


def percentage(part: Fraction, whole: Fraction) -> Decimal:
    """A share as a percentage, numeric(18,2) (§5, §5.1)."""
    return round_half_away(part / whole * 100, 2)


# --------------------------------------------------------------------------------------------------
# Raw: the lines of the log files
# --------------------------------------------------------------------------------------------------


def is_log_file(name: str) -> bool:
    """`YYYYMMDD.LOG`, the extension in either case; anything else is ignored (§1.1)."""
    return re.fullmatch(r"[0-9]{8}\.log", name, re.IGNORECASE | re.ASCII) is not None


def split_lines(content: bytes) -> list[str]:
    """A file's lines as Latin-1 text, without their CRLF or LF and without NULs (§2).

    An unterminated last line is a line like any other (§5.3).
    """
    pieces = content.split(b"\n")
    terminated, rest = pieces[:-1], pieces[-1]
    lines = [piece.removesuffix(b"\r") for piece in terminated]
    if rest:
        lines.append(rest)
    return [line.replace(b"\0", b"").decode("latin-1") for line in lines]


def raw_log_lines(logs: Logs) -> list[tuple[str, str, int, str]]:
    """`raw.log_lines`: (folder, file name, line number from 1, line), sorted (§2)."""
    return [
        (folder, file_name, number, line)
        for (folder, file_name), content in sorted(logs.items())
        if is_log_file(file_name)
        for number, line in enumerate(split_lines(content), start=1)
    ]


def raw_log_files(logs: Logs) -> list[tuple[str, str, int, int]]:
    """`raw.log_files` without its times: (folder, file name, size in bytes, number of lines), sorted (§2)."""
    return [
        (folder, file_name, len(content), len(split_lines(content)))
        for (folder, file_name), content in sorted(logs.items())
        if is_log_file(file_name)
    ]


# --------------------------------------------------------------------------------------------------
# Staging: encodings
# --------------------------------------------------------------------------------------------------


def windows_1252(byte: int) -> str:
    """One byte as Windows-1252; its five undefined bytes keep their code point (§5.3)."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def decode_line(latin1: str, first_of_file: bool) -> str:
    """A raw line as proper text (§3): UTF-8 where the whole line is valid UTF-8, else Windows-1252.

    A byte-order mark is taken off the start of the file before anything else (§5.3).
    """
    if first_of_file:
        latin1 = latin1.removeprefix(BOM_AS_LATIN1)
    data = latin1.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(windows_1252(byte) for byte in data)


# What each continuation byte of UTF-8 (0x80-0xBF) looks like once it was read as Latin-1 or Windows-1252.
CONTINUATION_BYTES = {chr(byte): byte for byte in range(0x80, 0xC0)} | {windows_1252(byte): byte for byte in range(0x80, 0xC0)}
CONTINUATION = "[" + re.escape("".join(CONTINUATION_BYTES)) + "]"
# Three characters of French whose second damage has another form than §5.3's list. They count only where
# what stands before them shows that they were damaged twice.
DAMAGED_AGAIN = {
    r"(?<=\u00c3[\u0192\x83])\u00cb[\u2020\x86]": "\u02c6",  # of È: ˆ damaged to Ë†
    r"(?<=\u00e2[\u201a\x82]\u00ac)\u00cb[\u0153\x9c]": "\u02dc",  # of a left quote: ˜ damaged to Ëœ
    r"(?<=\u00c3[\u0192\x83])\u00c2 ": "\u00a0",  # of à: the non-breaking space, again made a plain one
}
# A control character is no text (§5.3), but stands between two damages where the first was a reading as Latin-1, or met one of
# the bytes that Windows-1252 leaves undefined. Damaged again it is Â and one character.
CONTROL_AGAIN = f"\u00c2{CONTINUATION}"
HIGH_CONTROL_AGAIN = "\u00c2[" + re.escape("".join(one for one, byte in CONTINUATION_BYTES.items() if byte >= 0x90)) + "]"
WHOLE_DAMAGED_AGAIN = (
    f"\u00c3[\u0192\u201e\u2026\x83\x84\x85]{CONTROL_AGAIN}"  # of a character that Ã, Ä or Å begins
    f"|\u00c3\u00a2(?:{CONTROL_AGAIN}|\u00e2[\u201a\x82]\u00ac){{2}}"  # of one that â begins, often â€
    f"|\u00c3\u00b0(?:{HIGH_CONTROL_AGAIN}|\u00c5\u00b8)(?:{CONTROL_AGAIN}){{2}}"  # of one that ð begins, often ðŸ
)
DAMAGE = (
    f"[\u00c2\u00c3\u00c4\u00c5]{CONTINUATION}"  # Â Ã Ä Å and one character
    "|\u00c3 "  # the à whose non-breaking space became a plain one
    f"|\u00e2{CONTINUATION}{{2}}"  # â and two
    f"|\u00f0{CONTINUATION}{{3}}"  # ð and three
    f"|{BOM_AS_LATIN1}"
)
FIRST_PASS, SECOND_PASS = re.compile(f"{WHOLE_DAMAGED_AGAIN}|{DAMAGE}"), re.compile(DAMAGE)


def undamaged(match: re.Match[str]) -> str:
    """What one damaged sequence stood for (§5.3); itself, where it is no UTF-8 after all, or a control character."""
    damaged = match.group()
    if damaged == BOM_AS_LATIN1:
        return ""
    if damaged == "\u00c3 ":
        return "\u00e0"
    data = bytes(CONTINUATION_BYTES.get(character, ord(character)) for character in damaged)
    try:
        sound = data.decode("utf-8")
    except UnicodeDecodeError:
        return damaged
    return damaged if "\u0080" <= sound <= "\u009f" else sound


def repair_erp(text: str) -> str:
    """An ERP text with its damage repaired, wherever it stands, and damage done twice too (§3, §5.3)."""
    for damaged, sound in DAMAGED_AGAIN.items():
        text = re.sub(damaged, sound, text)
    return SECOND_PASS.sub(undamaged, FIRST_PASS.sub(undamaged, text))


# --------------------------------------------------------------------------------------------------
# Lines and events
# --------------------------------------------------------------------------------------------------

LINE = re.compile(
    r"(?P<day>[0-9]{8})[ \t\v\f\r]+(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})[ \t\v\f\r]*\|[ \t\v\f\r]*@(?P<rest>.*)", re.DOTALL
)
NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
# A number starts where its digits start: otherwise a search would start again at each of a million digits.
SIGNED_NUMBER = rf"(?P<minus>(?:^|(?<=[ \t\v\f\r]))-)?(?<![0-9])(?P<number>{NUMBER})"
NUMBER_OF_SECONDS = re.compile(rf"{SIGNED_NUMBER}[ \t\v\f\r]*[sS][eE][cC]")
FIRST_NUMBER = re.compile(SIGNED_NUMBER)
PROFILE_KEY = re.compile(r"(?:^|(?<=[ \t\v\f\r]))(?P<letter>[A-Za-z]):")


@dataclass(frozen=True)
class Profile:
    """The values of an accepted `JobProfiel`."""

    reference: str
    longueur: Decimal
    couleur: str | None


@dataclass(frozen=True)
class ParsedLine:
    """A line that is not blank: an event if it has a moment, and why it is rejected if it is."""

    moment: datetime | None = None
    name: str = ""
    details: str | None = None
    reason: str | None = None
    wait: Decimal | None = None
    profile: Profile | None = None


def parse_number(text: str) -> Decimal:
    """A number with a decimal point or comma (§4, §5.3), of which a thousand decimals are read."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    return Decimal(f"{whole}.{decimals[:1000]}")


def parse_moment(day: str, time: str) -> datetime | None:
    """The date and time of a line, None if there is no such (§4, §5.3: 00:00:00 to 23:59:59)."""
    hour, minute, second = (int(part) for part in time.split(":"))
    try:
        return datetime(int(day[:4]), int(day[4:6]), int(day[6:]), hour, minute, second)
    except ValueError:
        return None


def wait_seconds(moment: datetime, details: str | None) -> Decimal | None:
    """A wait's seconds: the number before `sec`, failing that the first number (§4, §5.3).

    None where that is `duree`: no number, negative, zero, more than a day, or beyond the calendar's end.
    """
    match = NUMBER_OF_SECONDS.search(details or "") or FIRST_NUMBER.search(details or "")
    if match is None or match["minus"]:
        return None
    seconds = parse_number(match["number"])
    if not 0 < seconds <= LONGEST_WAIT or exact(moment) + to_the_microsecond(seconds) > exact(datetime.max):
        return None
    return seconds


def profile(details: str | None) -> Profile | None:
    """A profile's `R:`, `L:` and `C:`, None where that is `profil` (§4, §5.3)."""
    text = details or ""
    after_key: dict[str, str] = {}  # up to the next key; the first of each key counts
    first_word: dict[str, str] = {}  # up to the next blank
    for key in PROFILE_KEY.finditer(text):
        following = PROFILE_KEY.search(text, key.end())
        rest = text[key.end() : following.start() if following else len(text)]
        after_key.setdefault(key["letter"], rest.strip(BLANKS))
        first_word.setdefault(key["letter"], re.split(f"[{BLANKS}]", rest, maxsplit=1)[0])

    reference, length = first_word.get("R"), first_word.get("L", "")
    if not reference or not re.fullmatch(NUMBER, length):
        return None
    longueur = round_half_away(Fraction(parse_number(length)), 2)
    if longueur >= TOO_LONG:
        return None
    return Profile(reference, longueur, after_key.get("C") or None)


def parse_line(text: str) -> ParsedLine | None:
    """A decoded line's event, or why it is rejected; None for a blank line (§1.1, §4, §5.3)."""
    text = text.strip(BLANKS)
    if not text:
        return None
    line = LINE.fullmatch(text)
    if line is None or "\r" in text:
        return ParsedLine(reason="format")
    name, _, rest = line["rest"].partition(":")
    name, details = name.strip(BLANKS), rest.strip(BLANKS) or None
    if not name:
        return ParsedLine(reason="format")
    moment = parse_moment(line["day"], line["time"])
    if moment is None:
        return ParsedLine(reason="horodatage")
    if name == "MachineWait":
        wait = wait_seconds(moment, details)
        return ParsedLine(moment, name, details, reason=None if wait is not None else "duree", wait=wait)
    if name == "JobProfiel":
        taken = profile(details)
        return ParsedLine(moment, name, details, reason=None if taken is not None else "profil", profile=taken)
    return ParsedLine(moment, name, details)


def production_day(moment: datetime, debut_journee: str) -> date:
    """The calendar date, moved by `debut_journee` (§4: at '05:00', 04:59 belongs to the day before, if there is one)."""
    parts = [int(part) for part in debut_journee.split(":")]
    begins_after = timedelta(hours=parts[0], minutes=parts[1])
    return (moment - begins_after).date() if moment - datetime.min >= begins_after else date.min


# --------------------------------------------------------------------------------------------------
# Sessions
# --------------------------------------------------------------------------------------------------


@dataclass
class Session:
    """One centre's events of one production day, in the order of file name and line number (§4)."""

    dossier: str
    date_production: date
    files: list[str] = field(default_factory=list)
    events: list[ParsedLine] = field(default_factory=list)

    @property
    def key(self) -> Row:
        return {"dossier": self.dossier, "date_production": self.date_production}

    def times(self, name: str) -> list[datetime]:
        """The times of one kind of event, in order."""
        return [event.moment for event in self.events if event.name == name and event.moment is not None]

    def waits(self) -> list[tuple[datetime, Decimal]]:
        """The accepted waits: when, and for how many seconds."""
        return [(e.moment, e.wait) for e in self.events if e.moment is not None and e.wait is not None]

    def stops(self) -> list[tuple[datetime, datetime]]:
        """The voluntary stops: from when, until when."""
        return pair_stops([(event.name, event.moment) for event in self.events if event.moment is not None])


def pair_stops(events: Iterable[tuple[str, datetime]]) -> list[tuple[datetime, datetime]]:
    """The voluntary stops among a session's (event name, time), given in the session's order (§4).

    A stop counts when the next stop-or-start is a start not earlier than it.
    """
    periods = []
    pending: datetime | None = None
    for name, moment in events:
        if name == "MachineStop":
            pending = moment
        elif name == "MachineStart":
            if pending is not None and pending <= moment:
                periods.append((pending, moment))
            pending = None
    return periods


def exact(moment: datetime) -> Fraction:
    """A time as exact seconds, to calculate with."""
    since = moment - datetime(1970, 1, 1)
    return Fraction(since // timedelta(microseconds=1), 1_000_000)


def to_the_microsecond(seconds: Decimal) -> Fraction:
    """A duration as it can be added to a time: PostgreSQL's times end at the microsecond."""
    return Fraction(round_half_away(Fraction(seconds), 6))


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as disjoint intervals in ascending order."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def measure(intervals: Iterable[Interval]) -> Fraction:
    """The total length of the union of the intervals."""
    return sum((end - start for start, end in union(intervals)), Fraction(0))


def net_metrics(
    first: datetime,
    last: datetime,
    waits: Iterable[tuple[datetime, Decimal]],
    stops: Iterable[tuple[datetime, datetime]],
) -> tuple[Fraction, Fraction, Fraction]:
    """Exact seconds of (window, waits outside the stops, stops) between first and last piece (§5.1).

    Stops are the union of the stops; waits what the waits add to it, each up to its `timestamp_fin`.
    """
    window = (exact(first), exact(last))

    def clipped(intervals: Iterable[Interval]) -> list[Interval]:
        cut = [(max(start, window[0]), min(end, window[1])) for start, end in intervals]
        return [(start, end) for start, end in cut if start < end]

    stopped = clipped((exact(start), exact(end)) for start, end in stops)
    waited = clipped((exact(start), exact(start) + to_the_microsecond(seconds)) for start, seconds in waits)
    stop_seconds = measure(stopped)
    return window[1] - window[0], measure(stopped + waited) - stop_seconds, stop_seconds


def session_metrics(
    pieces: Sequence[datetime],
    waits: Sequence[tuple[datetime, Decimal]],
    stops: Sequence[tuple[datetime, datetime]],
) -> Row:
    """The hours and rates of `session_production` (§5.1, §5.3)."""
    waiting = sum((Fraction(seconds) for _, seconds in waits), Fraction(0))
    stopping = sum((exact(end) - exact(start) for start, end in stops), Fraction(0))
    metrics: Row = {
        "duree_production_totale": None,
        "temps_attente": hours(waiting),
        "temps_arret_volontaire": hours(stopping),
        "temps_production_effectif": None,
        "taux_occupation": None,
        "taux_attente": None,
        "taux_arret_volontaire": None,
        "temps_attente_net": None,
        "temps_arret_net": None,
        "temps_production_net": None,
        "taux_occupation_net": None,
        "taux_attente_net": None,
        "taux_arret_net": None,
    }
    if not pieces:
        return metrics

    window, waiting_net, stopping_net = net_metrics(min(pieces), max(pieces), waits, stops)
    effective = window - waiting - stopping if window else Fraction(0)
    metrics |= {
        "duree_production_totale": hours(window),
        "temps_production_effectif": hours(effective),
        "temps_attente_net": hours(waiting_net),
        "temps_arret_net": hours(stopping_net),
        "temps_production_net": hours(window) - hours(waiting_net) - hours(stopping_net),
    }
    if not window:
        return metrics

    waiting_rate, stopping_rate = percentage(waiting_net, window), percentage(stopping_net, window)
    metrics |= {
        "taux_occupation": percentage(effective, window),
        "taux_attente": percentage(waiting, window),
        "taux_arret_volontaire": percentage(stopping, window),
        "taux_occupation_net": Decimal("100.00") - waiting_rate - stopping_rate,
        "taux_attente_net": waiting_rate,
        "taux_arret_net": stopping_rate,
    }
    return metrics


def session_row(session: Session) -> Row:
    """One row of `session_production` (§5, §5.1)."""
    pieces = session.times("StukUitgevoerd")
    row = session.key | {
        "heure_premiere_piece": min(pieces, default=None),
        "heure_derniere_piece": max(pieces, default=None),
        "heure_premier_machine_start": min(session.times("MachineStart"), default=None),
        "heure_dernier_machine_stop": max(session.times("MachineStop"), default=None),
        "total_pieces": len(pieces),
    }
    row |= session_metrics(pieces, session.waits(), session.stops())
    row["fichier_log_source"] = ", ".join(f"{session.dossier}/{file}" for file in session.files)
    return row


def order_number(details: str | None, pattern: str) -> int | None:
    """The number of a piece's order: the pattern's group in its label, None where that is no integer that PostgreSQL has."""
    match = re.search(pattern, details or "") if pattern else None
    return erp_number(match[1]) if match and re.fullmatch("[+-]?[0-9]+", match[1], re.ASCII) else None


def piece_rows(session: Session, order_pattern: str) -> list[Row]:
    """A session's `piece_production`: numbered in order, each with the latest profile before it (§4, §5)."""
    rows: list[Row] = []
    latest: ProfileKey | None = None
    for event in session.events:
        if event.profile is not None and event.moment is not None:
            taken = event.profile
            latest = (taken.reference, taken.longueur, taken.couleur, event.moment)
        if event.name == "StukUitgevoerd":
            rows.append(
                session.key
                | {
                    "numero_piece": len(rows) + 1,
                    "timestamp_production": event.moment,
                    "details": event.details,
                    "job_profil_id": latest,
                    "numero_commande": order_number(event.details, order_pattern),
                }
            )
    return rows


def profile_rows(session: Session) -> list[Row]:
    """A session's `job_profil` (§5)."""
    return [
        session.key
        | {
            "reference": event.profile.reference,
            "longueur": event.profile.longueur,
            "couleur": event.profile.couleur,
            "timestamp_debut": event.moment,
        }
        for event in session.events
        if event.profile is not None
    ]


def wait_rows(session: Session) -> list[Row]:
    """A session's `periode_attente` (§4, §5). PostgreSQL's timestamps end at the microsecond."""
    return [
        session.key
        | {
            "timestamp_debut": start,
            "timestamp_fin": start + timedelta(microseconds=int(to_the_microsecond(seconds) * 1_000_000)),
            "duree_secondes": seconds,
        }
        for start, seconds in session.waits()
    ]


def stop_rows(session: Session) -> list[Row]:
    """A session's `periode_arret` (§4, §5)."""
    return [
        session.key
        | {
            "timestamp_debut": start,
            "timestamp_fin": end,
            "duree_secondes": Decimal(int((end - start).total_seconds())),
        }
        for start, end in session.stops()
    ]


# --------------------------------------------------------------------------------------------------
# The marts of the machines
# --------------------------------------------------------------------------------------------------


def file_status(folder_is_known: bool, kept_lines: int, rejects: int) -> str:
    """`statut` of a file: the first that holds (§5.3)."""
    if not folder_is_known:
        return "dossier inconnu"
    if kept_lines == 0:
        return "vide"
    return "rejets" if rejects else "ok"


def production_marts(
    logs: Logs, centres: Sequence[Mapping[str, object]], debut_journee: str, order_pattern: str = ""
) -> dict[str, list[Row]]:
    """Everything that comes from the logs (§4, §5)."""
    known_folders = {str(centre["dossier"]) for centre in centres}
    sessions: dict[tuple[str, date], Session] = {}
    rejected: list[Row] = []
    files: list[Row] = []

    for (folder, file_name), content in sorted(logs.items()):
        if not is_log_file(file_name):
            continue
        lines = split_lines(content)
        kept = events = rejects = 0
        for number, raw in enumerate(lines, start=1):
            text = decode_line(raw, first_of_file=number == 1)
            parsed = parse_line(text)
            if parsed is None:
                continue
            kept += 1
            if parsed.reason is not None:
                rejects += 1
                rejected.append(
                    {
                        "dossier": folder,
                        "fichier": file_name,
                        "numero_ligne": number,
                        "ligne": text.strip(BLANKS),
                        "motif": parsed.reason,
                    }
                )
            if parsed.moment is None:
                continue
            events += 1
            if folder in known_folders:
                day = production_day(parsed.moment, debut_journee)
                session = sessions.setdefault((folder, day), Session(folder, day))
                session.events.append(parsed)
                if file_name not in session.files:
                    session.files.append(file_name)
        files.append(
            {
                "dossier": folder,
                "fichier": file_name,
                "taille_octets": len(content),
                "nb_lignes": len(lines),
                "nb_evenements": events,
                "nb_rejets": rejects,
                "statut": file_status(folder in known_folders, kept, rejects),
            }
        )

    ordered = [sessions[key] for key in sorted(sessions)]
    return {
        "centre_usinage": [
            {column: centre[column] for column in ("nom", "type_cu", "dossier", "description", "actif")} for centre in centres
        ],
        "session_production": [session_row(session) for session in ordered],
        "piece_production": [row for session in ordered for row in piece_rows(session, order_pattern)],
        "job_profil": [row for session in ordered for row in profile_rows(session)],
        "periode_attente": [row for session in ordered for row in wait_rows(session)],
        "periode_arret": [row for session in ordered for row in stop_rows(session)],
        "lignes_rejetees": rejected,
        "suivi_chargement": files,
    }


# --------------------------------------------------------------------------------------------------
# The marts of the orders
# --------------------------------------------------------------------------------------------------

Pair = tuple[str | None, str | None]


def compared(text: str) -> str:
    """A text as MySQL compares it: without case, accents and the kind of a space (§5.2).

    Tabs and line feeds are no spaces to MySQL (tried on utf8mb4_unicode_ci and later).
    """
    letters = unicodedata.normalize("NFD", text.lower())
    without_accents = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in without_accents)


def is_planning(note: str | None) -> bool:
    """Does a repaired journal note contain `cde Planifiée`, as MySQL sees it (§5.2)?"""
    return note is not None and compared("cde Planifiée") in compared(note)


def planned_week(note: str, entered: datetime | None) -> date | None:
    """The Monday of the first week that a planning note names; without a year it is of the entry's year, or of the next one."""
    year, not_after, not_before = "(20[0-9][0-9])", "(?<![a-z0-9_])", "(?![a-z0-9_])"
    behind = f"(?:(?=(?: | ?[-/] ?){year}{not_before}))?"
    for match in re.finditer(
        f"{not_after}(?:{year}-?)?(?:s|sem|sem[.]|semaine) *([0-9]{{1,2}}){not_before}{behind}", compared(note)
    ):
        week, named = int(match[2]), match[1] or match[3]
        if not 1 <= week <= 53:
            continue
        if named is not None:
            of_year = int(named)
        elif entered is None:
            return None
        else:
            entry = entered.isocalendar()
            of_year = entry.year + 1 if entry.week - week > 26 else entry.year
        try:
            return date.fromisocalendar(of_year, week, 1)
        except ValueError:
            return None
    return None


def is_shutter(code: str | None) -> bool:
    """Does a repaired accessory code start with VR, SOP or `S P`, as MySQL sees it (§5.2)?"""
    return code is not None and compared(code).startswith(("vr", "sop", "s p"))


def erp_text(value: object) -> str | None:
    """An ERP text of staging: no NULs (§2), damage repaired (§3); '' stays '' (§5.3)."""
    return None if value is None else repair_erp(str(value).replace("\0", ""))


def erp_id(value: object) -> str | None:
    """An ERP id: no NULs, and otherwise as it is, to be compared exactly (§5.3)."""
    return None if value is None else str(value).replace("\0", "")


def erp_number(value: object) -> int | None:
    """An order's number, None where it is no integer that PostgreSQL has (§5)."""
    match = re.fullmatch(r" *([+-]?[0-9]{1,400})(?:\.0*)? *", str(value), re.ASCII)
    number = int(match[1]) if match else None
    return number if number is not None and -(2**31) <= number < 2**31 else None


def erp_moment(value: object) -> datetime | None:
    """An ERP date, None for a zero or partly zero one, or whatever else is not written as MySQL writes dates (§2, §5.3)."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?", str(value), re.ASCII):
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def text_order(texts: Sequence[str | None]) -> list[tuple[bool, str]]:
    """Sort key: by code point, NULL last (§5.3)."""
    return [(text is None, text or "") for text in texts]


def operation_order(operation: Pair) -> tuple[bool, Decimal, list[tuple[bool, str]]]:
    """Sort key of (number, text): whole numbers as numbers before all others, which compare as texts (§5.2, §5.3)."""
    whole = re.fullmatch(rf"[{BLANKS}]*([+-]?[0-9]+)(\.0*)?[{BLANKS}]*", operation[0] or "", re.ASCII)
    return whole is None, Decimal(whole[1]) if whole else Decimal(0), text_order(operation)


def orders_by_id(rows: ErpRows) -> dict[str, list[Mapping[str, object]]]:
    """The rows of a child table by the exact id of their order (§5.3)."""
    grouped: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    for row in rows:
        order_id = erp_id(row["id_a_kopf"])
        if order_id is not None:
            grouped[order_id].append(row)
    return grouped


def waiting_order(order: Row, entries: set[tuple[datetime | None, str | None]], shutters: Sequence[Pair]) -> Row:
    """One row of `commandes_volets_a_planifier`: what the order, its journal and its shutter accessories say."""
    dated = sorted({moment for moment, _ in entries if moment is not None})
    latest = [note for moment, note in entries if note is not None and moment == (dated[-1] if dated else None)]
    return order | {
        "code_accessoire": shutters[0][0],
        "description_accessoire": shutters[0][1],
        "nombre_accessoires": len(shutters),
        "premiere_entree": dated[0] if dated else None,
        "derniere_entree": dated[-1] if dated else None,
        "derniere_note": max(latest, default=None),
        "age_jours": (TODAY - dated[0].date()).days if dated else None,
    }


def order_marts(erp: Mapping[str, ErpRows]) -> dict[str, list[Row]]:
    """Everything that comes from the ERP (§5.2)."""
    journal = orders_by_id(erp["a_logbuch"])
    accessories = orders_by_id(erp["p_zubeh"])
    operations = orders_by_id(erp["a_vorgang"])
    orders: list[Row] = []
    accessory_rows: list[Row] = []
    operation_rows: list[Row] = []
    planning_rows: list[Row] = []
    waiting: list[Row] = []

    for order in sorted(erp["a_kopf"], key=lambda row: str(row["id"])):
        order_id = erp_id(order["id"]) or ""
        entries = {(erp_moment(row["datum"]), erp_text(row["notiz"])) for row in journal[order_id]}
        plannings = {(moment, note) for moment, note in entries if is_planning(note)}
        pairs = {(erp_text(row["zcode"]), erp_text(row["text"])) for row in accessories[order_id]}
        shutters = sorted(((code, text) for code, text in pairs if is_shutter(code)), key=text_order)
        steps: list[Pair] = sorted(
            {(erp_text(row["nummer"]), erp_text(row["bezeichnung"])) for row in operations[order_id]},
            key=operation_order,
        )
        if not shutters or len(order_id) > LONGEST_ID:
            continue
        described: Row = {
            "id_commande": order_id,
            "numero_commande": erp_number(order["aunummer"]),
            "extension": erp_text(order["aualpha"]),
            "statut": erp_text(order["aufstatus"]),
            "affaire": erp_text(order["kommission"]),
        }
        if not plannings:
            waiting.append(waiting_order(described, entries, shutters))
            continue

        first_step: Pair = steps[0] if steps else (None, None)
        latest, latest_note = max(plannings, key=lambda entry: (entry[0] or datetime.min, entry[1] or ""))
        orders.append(
            described
            | {
                "date_modification": latest,
                "semaine_prevue": planned_week(latest_note or "", latest),
                "code_accessoire": shutters[0][0],
                "description_accessoire": shutters[0][1],
                "numero_operation": first_step[0],
                "description_operation": first_step[1],
            }
        )
        accessory_rows += [
            {"id_commande": order_id, "code_accessoire": code, "description_accessoire": text} for code, text in shutters
        ]
        operation_rows += [
            {"id_commande": order_id, "numero_operation": step, "description_operation": text} for step, text in steps
        ]
        planning_rows += [
            {
                "id_commande": order_id,
                "date_modification": moment,
                "note": note,
                "semaine_prevue": planned_week(note or "", moment),
            }
            for moment, note in sorted(plannings, key=lambda entry: (entry[0] or datetime.max, entry[1] or ""))
        ]

    return {
        "commandes_volets": orders,
        "commandes_volets_accessoires": accessory_rows,
        "commandes_volets_operations": operation_rows,
        "commandes_volets_planifications": planning_rows,
        "commandes_volets_a_planifier": waiting,
    }


def progress_rows(orders: Sequence[Row], pieces: Sequence[Row], centres: Sequence[Mapping[str, object]]) -> list[Row]:
    """`commandes_volets_avancement`: the pieces of each planned order by centre, or that there are none."""
    names = {centre["dossier"]: centre["nom"] for centre in centres}
    made: dict[object, dict[object, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for piece in pieces:
        moment = piece["timestamp_production"]
        if piece["numero_commande"] is not None and isinstance(moment, datetime):
            made[piece["numero_commande"]][names[piece["dossier"]]].append(moment)
    columns = ("id_commande", "numero_commande", "extension", "affaire", "statut", "semaine_prevue")
    return [
        {column: order[column] for column in columns}
        | {
            "centre": centre,
            "pieces": len(moments),
            "premiere_piece": min(moments, default=None),
            "derniere_piece": max(moments, default=None),
        }
        for order in orders
        for centre, moments in made.get(order["numero_commande"], {None: []}).items()
    ]


def marts(
    logs: Logs,
    centres: Sequence[Mapping[str, object]],
    erp: Mapping[str, ErpRows],
    debut_journee: str = "00:00",
    order_pattern: str = "",
) -> dict[str, list[Row]]:
    """Every table of §5, with natural values for surrogate keys (see the module's docstring).

    `logs` is all that raw holds, so also the files that have since been removed from the server (§2).
    """
    tables = production_marts(logs, centres, debut_journee, order_pattern) | order_marts(erp)
    orders = tables["commandes_volets"] if order_pattern else []
    return tables | {"commandes_volets_avancement": progress_rows(orders, tables["piece_production"], centres)}
