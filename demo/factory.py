"""Sample data that a window and shutter factory would recognise: six weeks of machine logs, and the ERP's orders.

It is always the same, and it ends on a fixed day: Friday 13 June 2025, 14:37 by the factory's clock, when the second
shift is at work. The day's files stop there, one of them in the middle of a line. What goes wrong in a factory goes wrong
here too; `tests/test_demo.py` lists it. The seeds beside this file declare its shifts, breaks and holidays; Saturdays are overtime,
which nobody declares.
"""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pymysql

FIRST_DAY = date(2025, 5, 5)
NOW = datetime(2025, 6, 13, 14, 37)
FACTORY_TIME = timezone(timedelta(hours=2))  # France, in summer

# The label of a piece begins with its order's number. The sample's day is today: what has no line after it is not missing.
VARIABLES = {"numero_commande_motif": "^([0-9]+) ", "maintenant": f"{NOW.replace(tzinfo=FACTORY_TIME)}"}

_FIRST_ORDER = 25_101
_ORDERS = 72

# --------------------------------------------------------------------------------------------------
# The machines' logs
# --------------------------------------------------------------------------------------------------

Event = tuple[float, str]  # seconds since midnight, and the text after "|@"


@dataclass(frozen=True)
class _Centre:
    """A machining centre: what it makes, how fast, and how its machine writes files."""

    folder: str
    encoding: str
    newline: str
    extension: str
    piece_seconds: float
    wait_seconds: float  # the usual wait between two pieces
    wait_text: Callable[[float], str]
    profiles: tuple[str, ...]
    bar_lengths: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    piece_lengths: tuple[int, int]


_CENTRES = (
    _Centre(
        folder="DEM12 (PVC)",
        encoding="cp1252",
        newline="\r\n",
        extension=".LOG",
        piece_seconds=64,
        wait_seconds=18,
        wait_text=lambda seconds: f"{max(seconds, 1):.0f} sec",
        profiles=("215023", "215024", "215110", "218350"),
        bar_lengths=(6500.0, 6500.0, 6500.0, 5820.0, 3359.0),
        colours=("9016 BLANC", "9016 BLANC", "7016 G PVC", "CHÊNE DORÉ", "1015 IVOIRE"),
        labels=(
            "Dormant, montant gauche",
            "Dormant, montant droit",
            "Dormant, traverse haute",
            "Dormant, traverse basse",
            "Ouvrant, montant côté crémone",
            "Ouvrant, montant côté paumelles",
            "Ouvrant, traverse haute",
            "Ouvrant, traverse basse",
            "Châssis fixe, meneau",
            "Fenêtre à soufflet, traverse",
            "Œil-de-bœuf, cintre n° 2",
        ),
        piece_lengths=(420, 2180),
    ),
    _Centre(
        folder="DEMALU (ALU)",
        encoding="utf-8-sig",
        newline="\n",
        extension=".LOG",
        piece_seconds=80,
        wait_seconds=38,
        wait_text=lambda seconds: f"{max(seconds, 1):.1f} sec",
        profiles=("ALU-7740", "ALU-7741", "ALU-5512", "ALU-6020"),
        bar_lengths=(7000.0, 7000.0, 6400.0, 4120.5),
        colours=("7016 G ALU", "7016 G ALU", "9005 NOIR SABLÉ", "9010 BLANC SATINÉ", "BRUT"),
        labels=(
            "Volet roulant, coulisse gauche",
            "Volet roulant, coulisse droite",
            "Volet roulant, lame finale",
            "Volet roulant, lame de tablier 77",
            "Caisson ½ linteau, sous-face",
            "Axe octogonal Ø 60",
            "Coulissant, montant chicane",
            "Coulissant, rail bas à seuil encastré",
            "Volet battant, traverse moulurée",
        ),
        piece_lengths=(600, 2600),
    ),
    _Centre(
        folder="SU12 (HYBRIDE)",
        encoding="utf-8",
        newline="\n",
        extension=".log",
        piece_seconds=98,
        wait_seconds=72,
        wait_text=lambda seconds: f"{max(seconds, 1):.1f}".replace(".", ",") + " sec",
        profiles=("HYB-301", "HYB-302", "HYB-440"),
        bar_lengths=(6500.0, 6500.0, 6000.0, 2874.5),
        colours=("9016 / 7016 G", "9016 / 7016 G", "9016 / 9005", "CHÊNE DORÉ / 8019"),
        labels=(
            "Dormant hybride, montant",
            "Dormant hybride, traverse haute",
            "Ouvrant caché, montant côté crémone",
            "Ouvrant caché, traverse",
            "Capot aluminium – traverse haute",
            "Porte-fenêtre, traverse intermédiaire",
            "Pièce d’appui 40 mm",
        ),
        piece_lengths=(500, 2400),
    ),
)
# Not declared in the seed: a machine on trial.
_UNKNOWN = _Centre(
    folder="ESSAI (PVC)",
    encoding="utf-8",
    newline="\r\n",
    extension=".LOG",
    piece_seconds=90,
    wait_seconds=45,
    wait_text=lambda seconds: f"{max(seconds, 1):.0f}",
    profiles=("215023",),
    bar_lengths=(6500.0,),
    colours=("9016 BLANC",),
    labels=("Éprouvette d'essai", "Dormant, montant gauche"),
    piece_lengths=(500, 1500),
)

_HOLIDAYS = {date(2025, 5, 8), date(2025, 5, 29), date(2025, 6, 9)}
_SATURDAYS = {
    "DEM12 (PVC)": (date(2025, 5, 17), date(2025, 5, 24), date(2025, 6, 7)),
    "DEMALU (ALU)": (date(2025, 5, 10), date(2025, 5, 24), date(2025, 5, 31), date(2025, 6, 7)),
    "SU12 (HYBRIDE)": (date(2025, 5, 17),),
}
_TRIALS = tuple(date(2025, 5, 19) + timedelta(days) for days in range(5))
# Holidays on which a machine was switched on, and the content of its file.
_EMPTY_FILES = {("DEM12 (PVC)", date(2025, 5, 8)): b"", ("SU12 (HYBRIDE)", date(2025, 5, 29)): b"\r\n  \r\n"}
_MAINTENANCE = {("SU12 (HYBRIDE)", date(2025, 5, 30))}
_BREAKDOWN = ("SU12 (HYBRIDE)", date(2025, 5, 21))
_NIGHT_SHIFT = {("DEMALU (ALU)", date(2025, 6, 4)), ("DEMALU (ALU)", date(2025, 6, 5))}
_CUT = ("DEM12 (PVC)", NOW.date())

_ALARMS = (
    "1042 Pression d'air insuffisante",
    "2017 Serrage non confirmé",
    "2203 Outil usé, à remplacer",
    "3001 Aspiration arrêtée",
    "1108 Barre non détectée à l’amenage",
)
# Malformed lines; day, month, time and hour are those of the line before.
_DAMAGE = (
    "{day} {time}@StukUitgevoerd: 25104 Dormant, montant gauche 1180 mm",
    "{day} {time}|StukUitgevoerd",
    "{day} {time}|@",
    "{day} {hour}:4",
    "#### REDÉMARRAGE DU POSTE ####",
    "{day} 25:61:07|@StukUitgevoerd: 25108 Ouvrant, traverse haute 940 mm",
    "{month}32 {time}|@MachineWait: 8 sec",
    "00000000 00:00:00|@MachineStart",
    "{day} {time}|@MachineWait",
    "{day} {time}|@MachineWait: sec",
    "{day} {time}|@MachineWait: -3 sec",
    "{day} {time}|@MachineWait: ??? sec",
    "{day} {time}|@JobProfiel: R:215023 C:9016 BLANC",
    "{day} {time}|@JobProfiel: R:215110 L:65O0.0 C:7016 G PVC",
    "{day} {time}|@JobProfiel: L:6500.0 C:9016 BLANC",
    "{day} {time}|@JobProfiel",
)


def write_logs(ftp_root: Path) -> None:
    """Write the machines' files, with the modification times that the machines gave them.

    Args:
        ftp_root: the FTP server's root, which exists. Other files in it are left alone.
    """
    files = {
        ftp_root / centre.folder / f"{day:%Y%m%d}{centre.extension}": (_file(centre, day), day)
        for centre in (*_CENTRES, _UNKNOWN)
        for day in _days(centre)
    }
    files[ftp_root / "DEM12 (PVC)" / "NOTES.TXT"] = (
        b"Lame de scie chang\xe9e le 20/05. Pr\xe9voir r\xe9vision.\r\n",
        date(2025, 5, 20),
    )
    files[ftp_root / "DEMALU (ALU)" / "20250520.LOG.BAK"] = (b"20250520 05:00:00|@MachineStart\r\n", date(2025, 5, 20))
    for path, (content, day) in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        # Independent of the umask, because the server runs under another account.
        path.parent.chmod(0o755)
        path.chmod(0o644)
        # The hour after the last shift.
        hours = 26.6 if (path.parent.name, day) in _NIGHT_SHIFT else 21.1
        closed = min(datetime(day.year, day.month, day.day) + timedelta(hours=hours), NOW)
        modified = closed.replace(tzinfo=FACTORY_TIME).timestamp()
        os.utime(path, (modified, modified))


def _days(centre: _Centre) -> list[date]:
    """List the days on which a centre wrote a file."""
    if centre is _UNKNOWN:
        return list(_TRIALS)
    period = (FIRST_DAY + timedelta(days) for days in range((NOW.date() - FIRST_DAY).days + 1))
    switched_on = {day for folder, day in _EMPTY_FILES if folder == centre.folder}
    return [
        day
        for day in period
        if day in switched_on or (day.weekday() < 5 and day not in _HOLIDAYS) or day in _SATURDAYS[centre.folder]
    ]  # fmt: skip


def _file(centre: _Centre, day: date) -> bytes:
    """Return the file of one day: its events, with the damage that can happen while they are written."""
    if (centre.folder, day) in _EMPTY_FILES:
        return _EMPTY_FILES[centre.folder, day]
    # Each file has a random sequence of its own, so that a change to one does not change the others.
    rng = random.Random(f"{centre.folder} {day}")
    midnight = datetime(day.year, day.month, day.day)
    lines = []
    for seconds, event in _events(centre, day, rng):
        moment = midnight + timedelta(seconds=int(seconds))
        if moment <= NOW:
            lines.append(f"{moment:%Y%m%d %H:%M:%S}|@{event}")
    _damage(lines, rng)
    content = "".join(line + centre.newline for line in lines).encode(centre.encoding)
    if (centre.folder, day) == _CUT:
        content = content[: content.rindex(b"|@") - 5]
    return content


def _damage(lines: list[str], rng: random.Random) -> None:
    """Insert malformed lines into about every fourth file, and NUL bytes, as a power cut leaves them, into some."""
    if rng.random() < 0.27:
        texts = rng.sample(_DAMAGE, rng.randint(1, 3))
        places = sorted(rng.sample(range(1, len(lines)), len(texts)))
        for place, text in reversed([*zip(places, texts, strict=True)]):
            day, time = lines[place - 1].partition("|")[0].split(" ")
            lines.insert(place, text.format(day=day, month=day[:6], time=time, hour=time[:2]))
    if rng.random() < 0.06:
        place = rng.randrange(len(lines))
        lines[place] = "\0" * rng.choice((16, 64)) + lines[place]


def _events(centre: _Centre, day: date, rng: random.Random) -> list[Event]:
    """Return the events of a day, ordered by time."""
    if (centre.folder, day) in _MAINTENANCE:
        return list(_maintenance())
    if centre is _UNKNOWN:
        begin, end, pauses = 9 * 3600.0, 11 * 3600.0, []
    elif day.weekday() == 5:
        begin, end = 6 * 3600.0, 12 * 3600.0
        pauses = [_pause(rng, 9.0, 20)]
    else:
        begin, end = 5 * 3600.0, 21 * 3600.0
        pauses = [_pause(rng, 9.0, 25), _pause(rng, 12.9, 14), _pause(rng, 17.0, 25)]
        pauses += [_pause(rng, rng.choice((6.5, 10.5, 14.5, 15.5, 18.5)), rng.uniform(3, 12)) for _ in range(rng.randint(0, 2))]
        if (centre.folder, day) in _NIGHT_SHIFT:
            end = 26.5 * 3600
            pauses += [_pause(rng, 20.9, 14), _pause(rng, 23.5, 30)]
        if (centre.folder, day) == _BREAKDOWN:
            pauses.append(_pause(rng, 10.0, 150))
    begin += rng.uniform(20, 400)
    return [
        (begin, "MachineStart"),
        # The machine warms up before the first piece.
        (begin + 5, f"MachineWait: {centre.wait_text(rng.uniform(240, 700))}"),
        *_Shift(centre, rng, begin + 720, end - rng.uniform(300, 900), sorted(pauses)).events(),
        (end, "MachineStop"),
    ]


def _pause(rng: random.Random, hour: float, minutes: float) -> tuple[float, float]:
    """Return the start and the duration of a pause, in seconds."""
    return hour * 3600 + rng.uniform(-300, 300), minutes * 60 * rng.uniform(0.85, 1.25)


def _maintenance() -> Iterator[Event]:
    yield 8 * 3600.0, "MachineStart"
    yield 8.1 * 3600, "Alarm: 9001 Maintenance préventive"
    for number in range(1, 9):
        yield (8.1 + number / 4) * 3600, f"ToolChange: T{number:02}"
        yield (8.15 + number / 4) * 3600, "MachineWait: 95,5 sec"
    yield 11.5 * 3600, "MachineStop"


@dataclass
class _Shift:
    """A machine's shift: bar by bar, piece by piece."""

    centre: _Centre
    rng: random.Random
    clock: float
    end: float
    pauses: list[tuple[float, float]]
    recorded: list[Event] = field(default_factory=list)

    def events(self) -> list[Event]:
        """Return the events that the machine records."""
        slowness = self.rng.uniform(0.75, 1.35)  # good days and bad days
        while self.clock < self.end:
            self._series(slowness)
        return self.recorded

    def _series(self, slowness: float) -> None:
        """Cut the pieces of one order, all of one colour."""
        rng, centre = self.rng, self.centre
        order = _FIRST_ORDER + rng.randrange(_ORDERS)
        profile, colour = rng.choice(centre.profiles), rng.choice(centre.colours)
        if rng.random() < 0.4:
            self._record(f"ToolChange: T{rng.randint(1, 12):02}")
        self._wait(rng.uniform(60, 200) * slowness)
        for _ in range(rng.randint(3, 11)):
            if self.clock >= self.end:
                return
            bar = rng.choice(centre.bar_lengths)
            # Some lines have no colour, and some have an unknown key.
            behind = "" if rng.random() < 0.02 else f" C:{colour}" + (" X:1" if rng.random() < 0.03 else "")
            self._record(f"JobProfiel: R:{profile} L:{bar}{behind}")
            self._wait(rng.uniform(8, 20))
            mark = rng.choice("ABCDEFGH")
            for number in count(1):
                length = rng.randint(*centre.piece_lengths)
                if length > bar:
                    break
                bar -= length
                self._piece(f"{order} {rng.choice(centre.labels)} {length} mm – rep. {mark}{number}")
                if rng.random() < 0.33:
                    self._wait(rng.expovariate(1 / (centre.wait_seconds * slowness)))
                if rng.random() < 0.003:
                    self._record(f"Alarm: {rng.choice(_ALARMS)}")
                    self._wait(rng.uniform(180, 900))

    def _piece(self, label: str) -> None:
        if self.pauses and self.clock >= self.pauses[0][0]:
            self._pause(self.pauses.pop(0)[1])
        self.clock += self.centre.piece_seconds * self.rng.uniform(0.75, 1.25)
        self._record("StukUitgevoerd" if self.rng.random() < 0.002 else f"StukUitgevoerd: {label}")

    def _wait(self, seconds: float) -> None:
        self._record(f"MachineWait: {self.centre.wait_text(seconds)}")
        self.clock += seconds

    def _pause(self, seconds: float) -> None:
        """Stop, and start again. A stopped machine often records a wait too."""
        self._record("MachineStop")
        if self.rng.random() < 0.1:
            self._record("MachineStop")  # pressed twice
        if self.rng.random() < 0.5:
            self._record(f"MachineWait: {self.centre.wait_text(seconds * 0.9)}")
        self.clock += seconds
        self._record("MachineStart")

    def _record(self, event: str) -> None:
        self.recorded.append((self.clock, event))
        self.clock += 1


# --------------------------------------------------------------------------------------------------
# The ERP's orders
# --------------------------------------------------------------------------------------------------

Value = str | bytes | int | None

# As after years of updates: two character sets, and columns that nobody uses.
_TABLES = {
    "a_kopf": """
        id varchar(32) character set latin1 not null primary key,
        aunummer int,
        aualpha varchar(8) character set latin1,
        aufstatus varchar(40) character set utf8,
        kommission varchar(80) character set latin1,
        kundennr int,
        liefertermin datetime not null default '0000-00-00 00:00:00',
        betrag decimal(12,2),
        matchcode varchar(20) character set latin1""",
    "a_logbuch": """
        id int not null auto_increment primary key,
        id_a_kopf varchar(32) character set latin1,
        datum datetime not null default '0000-00-00 00:00:00',
        notiz text character set utf8,
        benutzer varchar(12) character set latin1""",
    "p_zubeh": """
        id int not null auto_increment primary key,
        id_a_kopf varchar(32) character set latin1,
        zcode varchar(24) character set latin1,
        text varchar(120) character set latin1,
        menge double,
        key id_a_kopf (id_a_kopf)""",
    "a_vorgang": """
        id_a_kopf varchar(32) character set latin1,
        nummer int,
        bezeichnung varchar(80) character set latin1,
        dauer_min float,
        erledigt tinyint(1) not null default 0""",
}
_COLUMNS = {
    "a_kopf": ("id", "aunummer", "aualpha", "aufstatus", "kommission", "kundennr", "liefertermin", "betrag", "matchcode"),
    "a_logbuch": ("id_a_kopf", "datum", "notiz", "benutzer"),
    "p_zubeh": ("id_a_kopf", "zcode", "text", "menge"),
    "a_vorgang": ("id_a_kopf", "nummer", "bezeichnung", "dauer_min", "erledigt"),
}

_NAMES = ("LEFÈVRE", "BÉRANGER", "DUVAL-MOREL", "CHÂTELAIN", "FAUVEL", "GUÉRINEAU", "MAISONNEUVE", "PRÉVOST", "TESSIER", "VASSEUR")
_TOWNS = (
    "Saint-Aubin-les-Tilleuls",
    "Châteauvert",
    "Montrésy-sur-Ardenne",
    "Villeneuve-lès-Étangs",
    "Orgeval-le-Sec",
    "Beaulieu-la-Forêt",
)
_SITES = (
    "École maternelle",
    "Résidence Les Érables",
    "Gîte communal",
    "Clinique du Pré",
    "Mairie",
    "Villa Mélusine",
    "Hôtel de la Gare",
)
_SHUTTERS = (
    ("VR-ALU77", "Tablier aluminium 77 mm, isolé"),
    ("VR-PVC40", "Tablier PVC 40 mm"),
    ("VR-COUL", "Coulisses aluminium, côté droit et côté gauche"),
    ("vr-axe60", "Axe octogonal Ø 60"),
    ("SOP-CAISSON210", "Caisson rénovation 210 mm à pan coupé"),
    ("SOP-MOT-IO", "Moteur radio, réglage électronique"),
    ("S P MAN", "Manœuvre de secours par manivelle"),
    ("S\u00a0P CLE", "Clé d’essai 24 €"),
)
_OTHER_ACCESSORIES = (
    ("POI-INOX", "Poignée inox à clé"),
    ("GRI-VENT", "Grille de ventilation"),
    ("SEUIL-PMR", "Seuil PMR 20 mm"),
    ("PAR-28", "Parclose 28 mm"),
    ("COV-VR", "Couvre-joint près du volet"),
)
_OPERATIONS = (
    "Débit des profilés",
    "Usinage",
    "Sertissage des coulisses",
    "Assemblage du tablier",
    "Contrôle qualité",
    "Emballage",
)
_PLANNED = (
    "cde Planifiée",
    "cde Planifiée S{week}",
    "cde Planifiée, semaine {week}/{year}",
    "cde PlanifiÃ©e",
    "CDE PLANIFIEE",
    "Réglé : cde PlanifiÃ©e",
    "cde planifiée sem. 23, équipe du matin",
    "Acompte rÃ©glÃ©, cde Planifiée Ã  14h",
    "cde PlanifiÃƒÂ©e",  # damaged twice
)
_OTHER_NOTES = (
    "Accusé de réception envoyé",
    "Métré validé par le poseur",
    "Acompte rÃ©glÃ© : 1 250 â‚¬",
    "Teinte modifiée : CHÊNE DORÉ -> 7016",
    "Client rappelé\0, absent",
    "Cde à planifier dès réception des vitrages",
)
_STATES = ("Planifiée", "En fabrication", "Terminée", "Expédiée", "PlanifiÃ©e")

# What each order lacks to be a planned shutter order; most lack nothing.
_LACKS = [*[""] * 46, *["planning"] * 9, *["shutter"] * 11, *["planning shutter"] * 3, *["all"] * 3]


def fill_erp(connection: pymysql.Connection) -> None:
    """Create and fill the ERP's four tables; existing ones are replaced.

    Args:
        connection: an account with all rights, connected in UTF-8. Its session's SQL mode becomes that of an old installation.
    """
    rows = _orders()
    with connection.cursor() as cursor:
        cursor.execute("set session sql_mode = ''")  # to accept zero dates, like an old server
        for table, columns in _COLUMNS.items():
            cursor.execute(f"drop table if exists {table}")
            cursor.execute(f"create table {table} ({_TABLES[table]}) engine=InnoDB default charset=utf8")
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"insert into {table} ({', '.join(columns)}) values ({places})", rows[table])
    connection.commit()


def _orders() -> dict[str, list[Sequence[Value]]]:
    """Return the rows of the four tables."""
    rng = random.Random("erp")
    rows: dict[str, list[Sequence[Value]]] = {table: [] for table in _TABLES}
    lacks = rng.sample(_LACKS, len(_LACKS))
    for place in range(_ORDERS):
        # Every ninth order is the second part of the one before it, with the same number.
        is_second = place % 9 == 8
        _order(rng, rows, _FIRST_ORDER + place - is_second, "B" if is_second else rng.choice(("", "", "A", None)), lacks[place])
    # Rows left over from deleted orders.
    for _ in range(4):
        identifier = f"{rng.getrandbits(128):032X}"
        rows["a_logbuch"].append((identifier, "2024-11-18 08:30:00", "cde Planifiée", "SYS"))
        rows["p_zubeh"].append((identifier, "VR-PVC40", "Tablier PVC 40 mm", 1))
        rows["a_vorgang"].append((identifier, 10, "Usinage", "12.5", 1))
    rows["p_zubeh"].append((None, "VR-ALU77", None, None))
    return rows


def _order(rng: random.Random, rows: dict[str, list[Sequence[Value]]], number: int, extension: str | None, lacks: str) -> None:
    """Add one order to the four tables."""
    identifier = f"{rng.getrandbits(128):032X}"
    entered = datetime(2025, 4, 14, 8) + timedelta(days=rng.randrange(40), minutes=rng.randrange(540))
    project = f"{rng.choice(_SITES if rng.random() < 0.35 else _NAMES)} – {rng.choice(_TOWNS)}"
    # The old web form wrote UTF-8 into latin1 columns.
    form = rng.random() < 0.3
    delivery = "0000-00-00 00:00:00" if rng.random() < 0.2 else f"{entered + timedelta(days=42):%Y-%m-%d 00:00:00}"
    state = None if lacks == "all" else rng.choice(_STATES) if "planning" not in lacks else "Saisie"
    rows["a_kopf"].append(
        (
            identifier,
            number,
            extension,
            state,
            project.encode() if form else project,
            rng.randint(40_000, 49_999),
            delivery,
            f"{rng.uniform(480, 18_000):.2f}",
            project[:20].upper().encode("cp1252"),
        )
    )
    if lacks == "all":
        return
    _journal(rng, rows["a_logbuch"], identifier, entered, planned="planning" not in lacks)
    accessories = rng.sample(_OTHER_ACCESSORIES, rng.randint(1, 2))
    if "shutter" not in lacks:
        accessories += rng.sample(_SHUTTERS, rng.randint(1, 4))
    for code, text in accessories:
        row = (identifier, code, text.encode() if form else text, rng.randint(1, 12))
        rows["p_zubeh"] += [row] * (2 if rng.random() < 0.08 else 1)
    if rng.random() < 0.9:  # the others have not been prepared yet
        first, last = rng.choice((0, 0, 0, 1)), rng.randint(2, 6)
        for place, operation in enumerate(_OPERATIONS[first:last], first + 1):
            step = (
                identifier,
                place * 10,
                operation.encode() if form else operation,
                f"{rng.uniform(4, 90):.1f}",
                rng.randint(0, 1),
            )
            rows["a_vorgang"] += [step] * (2 if rng.random() < 0.04 else 1)


def _journal(rng: random.Random, journal: list[Sequence[Value]], identifier: str, entered: datetime, *, planned: bool) -> None:
    """Add an order's journal: the entry, notes, and the planning, sometimes more than once, some for a week that they name."""
    user = rng.choice(("CLAIRE", "YANN", "BUREAU2"))
    notes = ["Commande saisie", *rng.sample(_OTHER_NOTES, rng.randint(0, 3))]
    if planned:
        notes += [rng.choice(_PLANNED) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    moment = entered
    for note in notes:
        written = "0000-00-00 00:00:00" if rng.random() < 0.03 else f"{moment:%Y-%m-%d %H:%M:%S}"
        week = (moment + timedelta(weeks=2)).isocalendar()
        row = (identifier, written, note.format(week=week.week, year=week.year), user)
        journal += [row] * (2 if rng.random() < 0.04 else 1)
        moment = moment.replace(hour=rng.randint(8, 16), minute=rng.randrange(60)) + timedelta(days=rng.randint(1, 5))
