"""Random inputs, mostly edge cases of the contract, the same for the same seed.

`random_logs` and `random_erp` make a first state of the two sources, `change_logs` and `change_erp` a later
one. Only edges that the contract settles are in here; what it leaves open would make tests fail by taste.
"""

import random
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

LogFiles = dict[tuple[str, str], bytes]
ErpRow = dict[str, str | None]
ErpTables = dict[str, list[ErpRow]]
Changes = dict[str, list[tuple[str, str]]]
SeedRows = dict[str, list[dict[str, str]]]

CENTRES: list[dict[str, object]] = [
    {"dossier": "DEM12 (PVC)", "nom": "DEM12", "type_cu": "PVC", "description": "Débit PVC", "actif": True},
    {"dossier": "DEMALU (ALU)", "nom": "DEMALU", "type_cu": "ALU", "description": None, "actif": True},
    {"dossier": "SU12 (HYBRIDE)", "nom": "SU12", "type_cu": "HYBRIDE", "description": "d'usinage", "actif": False},
]
UNKNOWN_FOLDER = "Essai 99 (à déclarer)"
FIRST_DAY = date(2025, 5, 26)

# --------------------------------------------------------------------------------------------------
# Logs: what can stand in a line
# --------------------------------------------------------------------------------------------------

BLANKS_AROUND = ["", "", "", " ", "  ", "\t", " \t ", "\v", "\f "]

LABELS = [
    "Vantail gauche",
    "pièce n° 3 – 12 €",
    "œuvre d'été «CAFÉ»",
    "a\tb  c",
    '"L\'éclair" de 3"',
    "C:\\temp\\new\\",
    "\\N",
    "NULL",
    "a: b: c",
    "|@MachineStop",
    "fenêtre 🪟 日本",
    "\u00a0insécable\u00a0",
    "\u0085ligne\u0085",
    "\u2028séparée\u2003",
    "Ã©",
    "%_{{ x }};--",
    "\u00a0",
    "1",
    "1 Dormant",
    "00012 Dormant",
    "2147483647 Dormant",
    "2147483648 Dormant",
    "12",
]

GOOD_WAITS = [
    "12 sec",
    "12.5 sec",
    "12,5 sec",
    "12.5",
    "12",
    "12sec",
    "7 SEC",
    "7\tSec.",
    "10 min 5 sec",
    "10 -5 min 3 sec",
    "-10 min 5 sec",
    "12 -3",
    "10 sec 5 sec",
    "x-12 sec",
    "- 12 sec",
    "wacht 7 secondes, 3 fois",
    "1 234 sec",
    "00012 sec",
    "0.5 sec",
    "0,000001 sec",
    "12.3456789 sec",
    "86400 sec",
    "86400",
    "٣ 5 sec",
    "0.18 sec",
]
BAD_WAITS = [
    "",
    "sec",
    "attente",
    "-12 sec",
    "-12",
    "\t-0,5 sec",
    "-12 fois, 5",
    "10 min -5 sec",
    "10 -5 sec",
    "0",
    "0 sec",
    "0,0 sec",
    "12 fois 0 sec",
    "86400.5 sec",
    "86401",
    "99999999999999999999999999999999 sec",
    "٣ sec",
    "NaN",
    "Infinity sec",
]

GOOD_PROFILES = [
    "R:215023 L:3359.0 C:7016 G ALU",
    "R:215024 L:6500,5 C:9016",
    "R:215025 L:12,5",
    "L:10 R:abc",
    "C:RAL 9010 R:5 L:1.005",
    "R:x\tL:5\tC:a\tb",
    "R:1 R:2 L:3 L:4 C:a C:b",
    "R:1 L:2 C:",
    "R:1 L:2 C: X:9",
    "R:1 L:2 C:7016 G ALU X:9 Y:8",
    "C:chêne doré x:y R:1 L:2",
    "R:a:b L:1",
    "R:L:5 L:7",
    "R:1 L:2 C:RAL: 7016",
    "R:1 L:2 C:7:16",
    "R:1 L:2 C:a\u00a0X:b",
    "xR:5 R:6 L:1",
    "R:1 CL:5 L:2",
    "R:é€🪟 L:1 C:œuvre",
    "R:\\N L:1 C:\\N",
    "R:1 L:0",
    "R:1 L:0.004",
    "R:1 L:0,005",
    "R:1 L:2.675",
    "R:1 L:999999999999.994",
    "R:1 L:0000000000000000000012",
    "texte R:1 L:2",
]
BAD_PROFILES = [
    "",
    "R:215023",
    "L:5",
    "R: L:5",
    "R: 12 L:5",
    "R:1 L: 12",
    "R:1 L:-12",
    "R:1 L:+12",
    "R:1 L:33x9",
    "R:1 L:12mm",
    "R:1 L:",
    "R:1 L:1e3",
    "R:1 L:1.2.3",
    "R:1 L:x L:5",
    "R: R:1 L:5",
    "R:1 L:999999999999.995",
    "R:1 L:1000000000000",
    "xR:1 L:2",
    "R:1L:2",
    "R:1\u00a0L:5",
    "R:1 L:NaN",
    "R:1 L:٣",
    "R 1 L 2",
]

UNKNOWN_EVENTS = [
    ("ToolChange", "T3"),
    ("Alarm", None),
    ("Événement", "été"),
    ("Machine_Stop-2", "x"),
    ("MachineStopX", None),
    ("Machine\u00a0Stop", None),
    ("StukUitgevoerd2", "non"),
    ("12", "34"),
]

BAD_FORMS = [
    "n'importe quoi",
    "|@",
    "@",
    "\\N",
    "{stamp}",
    "{stamp} sans barre",
    "{stamp}|",
    "{stamp}|@",
    "{stamp}|@: x",
    "{stamp}|@ \t: x",
    "{stamp}|StukUitgevoerd: x",
    "{stamp}@StukUitgevoerd: x",
    "\u00a0{stamp}|@StukUitgevoerd: insécable devant",
    "{stamp}\u00a0|@StukUitgevoerd: insécable derrière",
    "x{stamp}|@StukUitgevoerd: x",
    "2025-05-28 08:00:00|@StukUitgevoerd: x",
    "20250528T08:00:00|@StukUitgevoerd: x",
    "20250528 8:00:00|@StukUitgevoerd: x",
    "20250528 08:00|@StukUitgevoerd: x",
    "20250528 08:00:00.5|@StukUitgevoerd: x",
    "2025052٣ 08:00:00|@StukUitgevoerd: x",
    "infinity 08:00:00|@StukUitgevoerd: x",
]
BAD_MOMENTS = [
    "20250230 08:00:00|@StukUitgevoerd: x",
    "20251301 08:00:00|@MachineWait: x",
    "20250500 08:00:00|@JobProfiel",
    "00000000 00:00:00|@MachineStop",
    "00000101 08:00:00|@MachineStop",
    "20250528 24:00:00|@StukUitgevoerd: x",
    "20250528 25:00:00|@StukUitgevoerd: x",
    "20250528 12:60:00|@StukUitgevoerd: x",
    "20250528 23:59:60|@StukUitgevoerd: x",
]


def long_text(rng: random.Random) -> str:
    """A text too long, and too irregular to be compressed, for a B-tree index."""
    return "".join(rng.choices(string.ascii_letters + string.digits + " éà€", k=9000)).strip() or "x"


def label(rng: random.Random) -> str:
    if rng.random() < 0.02:
        return long_text(rng)
    return rng.choice(LABELS) if rng.random() < 0.5 else f"pièce {rng.randrange(10_000)}"


def random_event(rng: random.Random, pieces: float) -> tuple[str, str | None]:
    """An event's name and details, a piece with the given probability."""
    if rng.random() < pieces:
        return "StukUitgevoerd", label(rng) if rng.random() < 0.9 else None
    kind = rng.choice(["wait", "wait", "wait", "stop", "stop", "start", "start", "profile", "other"])
    if kind == "wait":
        if rng.random() < 0.5:
            return "MachineWait", f"{rng.randrange(1, 2400)}{rng.choice(['', '.5', ',25'])} sec"
        if rng.random() < 0.05:
            return "MachineWait", None
        return "MachineWait", rng.choice(GOOD_WAITS + BAD_WAITS)
    if kind == "stop":
        return "MachineStop", rng.choice([None, None, "", "opérateur"])
    if kind == "start":
        return "MachineStart", rng.choice([None, None, "", "12 sec"])
    if kind == "profile":
        return "JobProfiel", rng.choice(GOOD_PROFILES + BAD_PROFILES)
    return rng.choice(UNKNOWN_EVENTS)


def event_line(rng: random.Random, moment: datetime, name: str, details: str | None) -> str:
    """The line of an event, now and then with blanks around its parts."""
    stamp = f"{moment:%Y%m%d %H:%M:%S}"
    if rng.random() < 0.8:
        return f"{stamp}|@{name}" if details is None else f"{stamp}|@{name}: {details}"
    before, after_stamp, before_name, after_name, after = rng.choices(BLANKS_AROUND, k=5)
    line = f"{before}{stamp}{after_stamp}|@{before_name}{name}{after_name}"
    if details is not None:
        line += f": {rng.choice(BLANKS_AROUND)}{details}"
    return line + after


def random_moments(rng: random.Random, day: date, count: int) -> list[datetime]:
    """Clock times as machines write them: mostly forwards, at times standing still or going back."""
    moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=rng.choice([0, 5, 6, 13, 21]))
    moments = []
    for _ in range(count):
        luck = rng.random()
        if luck < 0.08:
            moment -= timedelta(seconds=rng.randrange(3600))
        elif luck < 0.10:
            moment += timedelta(hours=rng.randrange(1, 20))  # past midnight, sooner or later
        elif luck < 0.11:
            moment -= timedelta(days=1)
        elif luck < 0.85:
            moment += timedelta(seconds=rng.randrange(900))
        moments.append(moment)
    return moments


def random_line(rng: random.Random, moment: datetime, pieces: float) -> str:
    """An event, or a line that is not an event."""
    luck = rng.random()
    if luck < 0.05:
        return rng.choice(BAD_FORMS).replace("{stamp}", f"{moment:%Y%m%d %H:%M:%S}")
    if luck < 0.08:
        return rng.choice(BAD_MOMENTS)
    if luck < 0.12:
        return rng.choice(["", "", " ", "\t \v\f", " \r "])
    return event_line(rng, moment, *random_event(rng, pieces))


# --------------------------------------------------------------------------------------------------
# Logs: whole files
# --------------------------------------------------------------------------------------------------


def encode_line(rng: random.Random, line: str, encoding: str) -> bytes:
    """A line's bytes, sometimes with NULs or bytes that are undefined in both encodings."""
    if encoding == "mixed":
        encoding = rng.choice(["utf-8", "cp1252"])
    data = line.encode(encoding, errors="replace")
    if data and rng.random() < 0.04:
        position = rng.randrange(len(data))
        data = data[:position] + b"\0" * rng.randrange(1, 4) + data[position:]
    if data and rng.random() < 0.04:
        data += rng.choice([b"\x81", b"\x8d\x8f", b"\x90\x9d", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"])
    return data


def join_lines(rng: random.Random, lines: Sequence[bytes]) -> bytes:
    """A file of these lines, with one kind of line end or both, perhaps with a byte-order mark."""
    ends = rng.choice([[b"\r\n"], [b"\n"], [b"\r\n", b"\n"]])
    content = b"".join(line + rng.choice(ends) for line in lines)
    return (b"\xef\xbb\xbf" if content and rng.random() < 0.25 else b"") + content


def cut(rng: random.Random, content: bytes) -> bytes:
    """A file whose last line is still being written: it ends anywhere in its last 60 bytes."""
    shorter = content[: len(content) - rng.randrange(1, 60)].rstrip(b"\r\0.,")
    return shorter if len(shorter) > 3 else content


def random_file(rng: random.Random, day: date, lines: int) -> bytes:
    """One file's bytes; sessions come out of it with many pieces, one piece, none, or all at one time."""
    kind = rng.choice(["many", "many", "many", "few", "one", "none", "instant", "empty", "blank", "rubbish"])
    if kind == "empty":
        return b""
    if kind == "blank":
        return join_lines(rng, [b"", b" \t", b"\0", b""])
    if kind == "rubbish":
        return join_lines(rng, [encode_line(rng, rng.choice(BAD_MOMENTS), "utf-8") for _ in range(3)])

    moments = random_moments(rng, day, lines)
    if kind == "instant":
        moments = [moments[0]] * lines
    pieces = {"many": 0.5, "few": 0.1, "instant": 0.5}.get(kind, 0.0)
    texts = [random_line(rng, moment, pieces) for moment in moments]
    if kind == "one":
        texts.insert(rng.randrange(len(texts) + 1), event_line(rng, rng.choice(moments), "StukUitgevoerd", "seule"))
    encoding = rng.choice(["utf-8", "cp1252", "mixed"])
    content = join_lines(rng, [encode_line(rng, text, encoding) for text in texts])
    return cut(rng, content) if rng.random() < 0.3 else content


def random_logs(
    rng: random.Random,
    centres: Sequence[Mapping[str, object]] = CENTRES,
    days: int = 4,
    lines: int = 60,
    other_files: bool = False,
    first_day: date = FIRST_DAY,
) -> LogFiles:
    """The files of all centres' folders and of one that no centre declares, about `lines` lines each.

    With `other_files` the folders also hold files that are no logs and must be ignored.
    """
    logs: LogFiles = {}
    for folder in [*(str(centre["dossier"]) for centre in centres), UNKNOWN_FOLDER]:
        for offset in range(days):
            day = first_day + timedelta(days=offset)
            names = [f"{day:%Y%m%d}.{extension}" for extension in ("LOG", "log")]
            if rng.random() < 0.85:
                names = [rng.choice(names)]
            for name in names:
                contents_of = day if rng.random() < 0.85 else day - timedelta(days=1)
                logs[folder, name] = random_file(rng, contents_of, lines)
        if other_files:
            for name in ("lisezmoi.txt", "20250528.LOG.bak", "2025052.LOG", "x20250528.LOG", "20250528_LOG"):
                logs[folder, name] = random_file(rng, first_day, 5)
    return logs


def is_log_file(name: str) -> bool:
    return len(name) == 12 and name[:8].isdigit() and name[8:].lower() == ".log"


def change_logs(rng: random.Random, logs: LogFiles) -> tuple[LogFiles, Changes]:
    """A later state of the server, and which files changed in which way.

    `grown`, `shortened`, `corrected` (another date in some lines, the same size), `touched` (only the
    modification time is to change), `added`, `removed`. What was loaded from a removed file stays loaded:
    afterwards raw holds `logs | later`.
    """
    later = dict(logs)
    changes: Changes = {kind: [] for kind in ("grown", "shortened", "corrected", "touched", "added", "removed")}
    candidates = sorted(key for key in logs if is_log_file(key[1]))
    rng.shuffle(candidates)
    for position, key in enumerate(candidates[: max(5, len(candidates) // 2)]):
        content = logs[key]
        kind = ["grown", "removed", "corrected", "shortened", "touched"][position % 5]
        if kind == "grown":
            # Continues a line that was cut, as a machine does.
            last_day = FIRST_DAY + timedelta(days=1)
            later[key] = content + join_lines(
                rng,
                [encode_line(rng, random_line(rng, moment, 0.5), "utf-8") for moment in random_moments(rng, last_day, 10)],
            ).removeprefix(b"\xef\xbb\xbf")
        elif kind == "removed":
            del later[key]
        elif kind == "corrected":
            later[key] = content.replace(b"2025052", b"2025062")
            if later[key] == content:
                kind = "touched"
        elif kind == "shortened":
            kept = b"".join(content.splitlines(keepends=True)[: rng.randrange(5)]) if content else content
            later[key] = kept.rstrip(b"\r\0")
            if later[key] == content:
                kind = "touched"
        changes[kind].append(key)
    for folder in sorted({folder for folder, _ in logs}):
        key = (folder, f"{FIRST_DAY + timedelta(days=20):%Y%m%d}.LOG")
        later[key] = random_file(rng, FIRST_DAY + timedelta(days=rng.choice([0, 20])), 30)
        changes["added"].append(key)
    return later, changes


# --------------------------------------------------------------------------------------------------
# The working time
# --------------------------------------------------------------------------------------------------

SEED_COLUMNS = {
    "postes": ("centre", "jours", "poste", "debut", "fin", "valable_du", "valable_au"),
    "pauses": ("centre", "poste", "jours", "debut", "fin", "valable_du", "valable_au"),
    "jours_fermes": ("centre", "du", "au", "motif"),
    "cadences": ("centre", "pieces_par_heure", "valable_du", "valable_au"),
}
# One row for every error that a row has by itself; `{}` is a centre.
WRONG_ROWS: dict[str, list[tuple[str, ...]]] = {
    "postes": [
        ("Inconnu", "1-5", "Matin", "05:00", "13:00", "", ""),
        ("{}", "5-1", "Matin", "05:00", "13:00", "", ""),
        ("{}", "1-5", "Matin", "5h", "13:00", "", ""),
        ("{}", "1-5", "Matin", "24:00", "05:00", "", ""),
        ("{}", "1-5", "Matin", "05:00", "05:00:00", "", ""),
        ("{}", "1-5", "Matin", "13:00", "12:00", "", ""),
        ("{}", "1-5", "Matin", "05:00", "13:00", "2025-02-30", ""),
        ("{}", "1-5", "Matin", "05:00", "13:00", "2025-05-02", "2025-05-01"),
        ("{}", "1-5", " ", "05:00", "13:00", "", ""),
        ("", " ", "", "", "\t", "", ""),
    ],
    "pauses": [
        ("{}", "Inexistant", "", "10:00", "10:15", "", ""),
        ("{}", "", "8", "10:00", "10:15", "", ""),
        ("{}", "", "", "10:00", "25:00", "", ""),
    ],
    "jours_fermes": [("{}", "2025-05-01", "", ""), ("{}", "", "", "Pont"), ("", "2025-05-02", "2025-05-01", "Pont")],
    "cadences": [("{}", "0", "", ""), ("{}", "douze", "", ""), ("{}", "-5", "", "")],
}


def random_time(rng: random.Random, minutes: int) -> str:
    """A time of day as people write it, given in minutes; 24:00 is an end."""
    hour, minute = divmod(minutes if minutes <= 24 * 60 else minutes % (24 * 60), 60)
    return rng.choice([f"{hour}:{minute:02d}", f"{hour:02d}:{minute:02d}", f" {hour:02d}:{minute:02d}:00"])


def random_shifts(rng: random.Random, begin: int, night: bool) -> list[tuple[str, int, int]]:
    """A day's shifts in minutes after its midnight, the last of them often past the next one, with `night` always; they never meet.

    On the morning without an hour between two and three, a shift that ends in it ends later, and a break in it begins later. So
    that these do not meet what follows, no shift ends from 2:15 to 3:45, and one follows at once or after an hour.
    """
    shifts, start = [], begin
    for name in ("Matin", "Soir", "Nuit"):
        end = start + rng.choice([390, 450, 480])
        end = end + 90 if 135 <= end % 1440 < 225 else end
        if night and name == "Nuit":
            end = begin + 1440 - rng.choice([0, 0, 60])
        if start < 1440 and end <= begin + 1440:
            shifts.append((name, start, end))
        start = end + rng.choice([0, 0, 0, 60, 75])
    return shifts


def random_working_time(rng: random.Random, centres: Sequence[Mapping[str, object]], dates: Sequence[date]) -> SeedRows:
    """The rows of the four seeds. The first centre has its own in all of them and a night shift, the second in one, others none.

    On one of the dates, all of it changes; what is for all centres begins only there. Rows with errors stand at each file's end.
    """
    first, second = (str(centre["nom"]) for centre in centres[:2])
    changed = rng.choice(dates[len(dates) // 3 : 2 * len(dates) // 3])
    until, since = ("", f"{changed - timedelta(days=1)}"), (f"{changed}", "")
    rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in SEED_COLUMNS}
    for centre, validities in ((first, [until, since]), (second, [until, since]), ("", [since])):
        # The same before and after the change, so that no night meets a new morning.
        begin = rng.choice([300, 330, 360] if centre == first else [0, 270, 300])
        for validity in validities:
            for name, start, end in random_shifts(rng, begin, night=centre == first):
                days = "" if centre == first and name == "Nuit" else rng.choice(["", "1-5", "1-5", "1-6", "2-7", "7"])
                rows["postes"].append((centre, days, name, random_time(rng, start), random_time(rng, end), *validity))
                if centre == first and (name == "Nuit" or rng.random() < 0.8):
                    rest = rng.choice([95, 110, 135]) if name == "Nuit" else rng.randrange(start + 60, end - 120, 5)
                    some = rng.choice([15, 20, 45])
                    rows["pauses"].append((centre, name, "", random_time(rng, rest), random_time(rng, rest + some), *validity))
    for rest in (135, 570, 1140, 1425):  # in the hour that the clock changes, in two shifts of the day, over midnight
        rows["pauses"].append(("", "", "", random_time(rng, rest), random_time(rng, rest + 30), "", ""))
    closed = sorted(rng.sample(list(dates), 3))
    rows["jours_fermes"] += [("", f"{day}", "", f"Ferie {day:%j}") for day in closed[:2]]
    rows["jours_fermes"].append((first, f"{closed[1]}", f"{closed[1] + timedelta(days=1)}", "Inventaire"))
    rows["cadences"] += [(first, "12,5", *until), (first, " 30 ", *since), ("", "21.75", *since)]
    # A shift and a break that stand in the way of an earlier one, in whatever way their days are counted.
    rows["postes"].append(rows["postes"][0])
    rows["pauses"].append(rows["pauses"][-1])
    for name, wrong in WRONG_ROWS.items():
        rows[name] += [tuple(value.format(first) for value in row) for row in wrong]
    return {name: [dict(zip(SEED_COLUMNS[name], row, strict=True)) for row in each] for name, each in rows.items()}


def change_working_time(rng: random.Random, seeds: SeedRows, dates: Sequence[date]) -> SeedRows:
    """The same with a shift that begins half an hour later from one of the dates on, and another day closed."""
    since, closed = rng.choice(dates[: len(dates) // 3]), rng.choice(dates)
    earlier = seeds["postes"][0]
    hour, minute = (int(part) for part in earlier["debut"].split(":")[:2])
    later = {**earlier, "debut": f"{(hour * 60 + minute + 30) // 60}:{(minute + 30) % 60:02d}", "valable_du": f"{since}"}
    before = {**earlier, "valable_au": f"{since - timedelta(days=1)}"}
    holiday = {"centre": "", "du": f"{closed}", "au": "", "motif": "Pont"}
    return {
        **seeds,
        "postes": [before, later, *seeds["postes"][1:]],
        "jours_fermes": [holiday, *seeds["jours_fermes"]],
    }


# --------------------------------------------------------------------------------------------------
# ERP: texts
# --------------------------------------------------------------------------------------------------

SOUND_WORDS = [
    "«CAFÉ»",
    "ÉTÉ",
    "«\u00a0réglé\u00a0»",
    "PÂTÉ",
    "âge",
    "naïf",
    "NOËL",
    "à",
    "où",
    "l’œuvre",
    "Ångström",
    "ÄÖÜ",
    "Chassis",
    "2,40",
    "m",
    "12 €",
    "–",
    "…",
    "n°",
    "côté",
    "châssis",
    "Ça",
    "½",
    "fenêtre",
    "CHÂ…",
    "DÉBÂ’",
    "Â€",
    "Â\u0085",
]
TWICE_DAMAGED_WORDS = ["Planifiée", "côté", "à", "œuvre", "€", "–", "ÉTÉ", "l’été", "«CAFÉ»", "MAÏS", "“Œuvre”"]
ODD_TEXTS = [
    "",
    " ",
    "NULL",
    "\\N",
    "C:\\temp\\",
    '"guillemets" l\'apostrophe',
    "tab\tligne\nretour\r\nfin",
    "porte 🪟",
    "Â",
    "â",
    "â €",
    "Å.",
    "ð",
    "ï",
    "fin Ã",
    "trois pts â€",
    "%_{{ x }}",
]
PLANNING_NOTES = [
    "cde Planifiée",
    "CDE PLANIFIEE",
    "CDE PLANIFIÉE",
    "cde\u00a0Planifiée",
    "CDE\u202fplanifiee",
    "cde\u2009Planifiée",
    "Çdé plànifiêë",
    "Réglé : cde Planifiée à 14h",
    "xcde planifiéex",
    "1\ncde Planifiée\n2",
    "cde Planifiée S24",
    "CDE PLANIFIEE\u00a0S\u00a053",
    "sem. 1 : cde Planifiée",
    "cde Planifiée semaine 30 2024",
    "2020-S53, cde Planifiée",
    "cde Planifiée S99, puis sémaine 7/2025 ou S8",
    "cde Planifiée S54 és24",
]
OTHER_NOTES = [
    "",
    "cde  Planifiée",
    "cde planifié",
    "cdePlanifiée",
    "cde-Planifiée",
    "cde_Planifiée",
    "cde Planifi?e",
    "cde Planifi\ufffde",
    "commande planifiée",
    "cde annulée",
]
SHUTTER_CODES = [
    "VR",
    "VR12",
    "vr-3",
    "VR é",
    "VŔ1",
    "SOP",
    "sopA",
    "SÔP 1",
    "sÖp",
    "ŠOP",
    "S P",
    "S P1",
    "s\u00a0p2",
    "S\u2009P",
    "VR1 ",
]
OTHER_CODES = ["", " VR1", "\u00a0VR", "SP1", "S  P", "S_P", "S-P", "AVR", "V R", "XSOP", "SO P", "%", "_R", "V"]
# Whole numbers in all forms, many near 5, 20 and 100, and texts that only look like numbers.
OPERATION_NUMBERS = [
    *("5", "20", "100", "9", "10", "010", "10 ", " 10", "5.00", "5.", "20.0", "0", "-0", "-5", "+20", "\t9", "9" * 30),
    *("A1", "a1", "É", "", None, "5.5", "5,00", "1e1", "0x5", "1_0", "5-A", "5 5", "\u00a05", "٥", "-", ".0", "Ã©"),
]
DATES = [
    "2024-03-01 08:00:00",
    "2024-03-01 08:00:01",
    "2023-12-31 23:59:59",
    "2024-02-29 00:00:00",
    "2024-03-31 02:30:00",
    "1999-01-01 00:00:00",
    "0000-00-00 00:00:00",
    "2024-00-15 10:00:00",
    "2024-05-00 10:00:00",
    "0000-05-12 10:00:00",
    None,
]


def damage(rng: random.Random, text: str) -> str:
    """The text's UTF-8 bytes, read as Latin-1 or Windows-1252."""
    as_latin1 = rng.random() < 0.5
    damaged = ""
    for byte in text.encode():
        one = bytes([byte])
        damaged += one.decode("latin-1") if as_latin1 else one.decode("cp1252", errors="ignore") or chr(byte)
    return damaged


def damage_words(rng: random.Random, text: str) -> str:
    """The text with some of its words damaged; the à's non-breaking space perhaps turned into a plain one."""
    words = [damage(rng, word) if rng.random() < 0.5 else word for word in text.split(" ")]
    damaged = " ".join(words)
    return damaged.replace("\u00c3\u00a0", "\u00c3 ") if rng.random() < 0.3 else damaged


def with_nul(rng: random.Random, text: str) -> str:
    position = rng.randrange(len(text) + 1)
    return text[:position] + "\0" + text[position:]


def spoil(rng: random.Random, text: str) -> str:
    """A sound text as the ERP may hold it."""
    luck = rng.random()
    if luck < 0.35:
        text = damage_words(rng, text)
    return with_nul(rng, text) if luck < 0.40 and rng.random() < 0.3 else text


def random_text(rng: random.Random) -> str | None:
    luck = rng.random()
    if luck < 0.08:
        return None
    if luck < 0.25:
        return rng.choice(ODD_TEXTS)
    if luck < 0.26:
        return long_text(rng)
    if luck < 0.32:
        return damage(rng, damage(rng, rng.choice(TWICE_DAMAGED_WORDS)))
    return spoil(rng, " ".join(rng.choices(SOUND_WORDS, k=rng.randrange(1, 6))))


def random_note(rng: random.Random, planning: float) -> str | None:
    if rng.random() < planning:
        return spoil(rng, rng.choice(PLANNING_NOTES))
    return random_text(rng) if rng.random() < 0.4 else spoil(rng, rng.choice(OTHER_NOTES))


def random_code(rng: random.Random, shutter: float) -> str | None:
    if rng.random() < shutter:
        return spoil(rng, rng.choice(SHUTTER_CODES))
    return None if rng.random() < 0.1 else spoil(rng, rng.choice(OTHER_CODES))


def random_date(rng: random.Random) -> str | None:
    if rng.random() < 0.5:
        return rng.choice(DATES)
    moment = datetime(2023, 1, 1) + timedelta(seconds=rng.randrange(2 * 365 * 86_400))
    return f"{moment:%Y-%m-%d %H:%M:%S}"


# --------------------------------------------------------------------------------------------------
# ERP: tables
# --------------------------------------------------------------------------------------------------


def new_id(rng: random.Random) -> str:
    return "".join(rng.choices("0123456789ABCDEF", k=31)) + rng.choice("ABCDEF")


def order_row(rng: random.Random, order_id: str) -> ErpRow:
    number = rng.choice([None, "0", "1", "12", "2147483647", str(rng.randrange(1, 99_999)), str(rng.randrange(1, 99_999))])
    row: ErpRow = {"id": order_id, "aunummer": number}
    row.update({column: random_text(rng) for column in ("aualpha", "aufstatus", "kommission")})
    return row


def child_rows(rng: random.Random, order_id: str, planning: float, shutter: float) -> ErpTables:
    """An order's rows in the three child tables, some of them twice."""

    def some(make: Callable[[], ErpRow], most: int) -> list[ErpRow]:
        rows = [make() for _ in range(rng.randrange(most + 1))]
        return rows + [dict(row) for row in rows if rng.random() < 0.2]

    return {
        "a_logbuch": some(lambda: {"id_a_kopf": order_id, "datum": random_date(rng), "notiz": random_note(rng, planning)}, 5),
        "p_zubeh": some(lambda: {"id_a_kopf": order_id, "zcode": random_code(rng, shutter), "text": random_text(rng)}, 5),
        "a_vorgang": some(
            lambda: {
                "id_a_kopf": order_id,
                "nummer": rng.choice(OPERATION_NUMBERS) if rng.random() < 0.8 else str(rng.randrange(200)),
                "bezeichnung": random_text(rng),
            },
            4,
        ),
    }


def number_journal(rows: list[ErpRow]) -> list[ErpRow]:
    """The journal with its auto-increment `id`; rows that have one keep it."""
    last = max((int(row["id"] or 0) for row in rows if "id" in row), default=0)
    numbered = []
    for row in rows:
        if "id" not in row:
            last += 1
            numbered.append({**row, "id": str(last)})
        else:
            numbered.append(row)
    return numbered


def add_orders(rng: random.Random, erp: ErpTables, ids: Sequence[str]) -> None:
    """Adds orders of all sorts: most qualify, some have no children, or children under a similar id."""
    for order_id in ids:
        erp["a_kopf"].append(order_row(rng, order_id))
        planning, shutter = rng.choice([(0.6, 0.6), (0.6, 0.6), (0.6, 0.6), (0.0, 0.8), (0.8, 0.0), (0.2, 0.2)])
        child_id = order_id
        if rng.random() < 0.1:
            child_id = rng.choice([order_id.lower(), order_id[:31] + " ", " " + order_id[1:]])
        for table, rows in child_rows(rng, child_id, planning, shutter).items():
            erp[table] += rows
    erp["a_logbuch"] = number_journal(erp["a_logbuch"])


def random_erp(rng: random.Random, orders: int = 60, twins: bool = True) -> ErpTables:
    """The four tables, as texts.

    With `twins`, `a_kopf` also holds ids that differ only in case or in a trailing blank; switch it off for
    a server whose primary keys take those for the same.
    """
    erp: ErpTables = {"a_kopf": [], "a_logbuch": [], "p_zubeh": [], "a_vorgang": []}
    ids = [new_id(rng) for _ in range(orders)] + ["1", "é'\"\\"]
    if twins:
        ids += ["abc", "ABC", "abc ", " abc"]
    add_orders(rng, erp, ids)
    for _ in range(max(1, orders // 10)):
        for table, rows in child_rows(rng, new_id(rng), 0.7, 0.7).items():  # orphans
            erp[table] += rows
    erp["a_logbuch"] = number_journal(erp["a_logbuch"])
    for table in ("a_logbuch", "p_zubeh", "a_vorgang"):
        rng.shuffle(erp[table])
    return erp


def change_erp(rng: random.Random, erp: ErpTables) -> tuple[ErpTables, dict[str, list[str]]]:
    """A later state of the ERP, and the ids of the orders changed in each way.

    `renamed` (another kommission), `unplanned` (no planning notes left), `stripped` (no accessories left),
    `emptied` (no operations left), `extended` (more rows), `orphaned` (gone, its rows remain), `deleted`, `added`.
    """
    later = {table: [dict(row) for row in rows] for table, rows in erp.items()}
    ids = [str(row["id"]) for row in erp["a_kopf"]]
    rng.shuffle(ids)
    kinds = ["renamed", "unplanned", "stripped", "emptied", "extended", "orphaned", "deleted"]
    changes: dict[str, list[str]] = {kind: [] for kind in [*kinds, "added"]}
    for position, order_id in enumerate(ids[: max(len(kinds), len(ids) // 2)]):
        changes[kinds[position % len(kinds)]].append(order_id)

    def without(table: str, column: str, gone: Sequence[str]) -> list[ErpRow]:
        return [row for row in later[table] if row[column] not in gone]

    for row in later["a_kopf"]:
        if row["id"] in changes["renamed"]:
            row["kommission"] = f"affaire {rng.randrange(1000)}"
    for row in later["a_logbuch"]:
        if row["id_a_kopf"] in changes["unplanned"]:
            row["notiz"] = rng.choice(OTHER_NOTES)
    deleted = changes["deleted"]
    later["a_kopf"] = without("a_kopf", "id", deleted + changes["orphaned"])
    later["a_logbuch"] = without("a_logbuch", "id_a_kopf", deleted)
    later["p_zubeh"] = without("p_zubeh", "id_a_kopf", deleted + changes["stripped"])
    later["a_vorgang"] = without("a_vorgang", "id_a_kopf", deleted + changes["emptied"])
    for order_id in changes["extended"]:
        for table, rows in child_rows(rng, order_id, 0.9, 0.9).items():
            later[table] += rows
    changes["added"] = [new_id(rng) for _ in range(5)]
    add_orders(rng, later, changes["added"])
    return later, changes
