"""The client of the machines' FTP server: folders, log files, their times, their bytes.

Written on `ftplib`, because dlt's filesystem source has no FTP and fsspec's does not reconnect. It uses only commands of vsftpd
3.0, which has no MLSD: LIST for names, sizes and rough times, MDTM for a time to the second.
"""

import errno
import ftplib
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TypeVar

from common.errors import LoadError, UnreachableError, one_line
from common.retry import ATTEMPTS, retrying
from common.settings import FtpSettings, not_trusted

T = TypeVar("T")

TIMEOUT_SECONDS = 30
BLOCK_BYTES = 1 << 20
IN_MEMORY_BYTES = 8 << 20

Unclear = Callable[[LoadError], object]

_LOG_FILE = re.compile(r"\d{8}\.LOG\Z", re.IGNORECASE | re.ASCII)
# The name of an owner or a group may contain blanks ("domain users").
_LISTED = re.compile(
    r"(?P<kind>[-dl])\S*\s+\d+\s+\S.*?\s+(?P<size>\d+)\s+"
    r"(?P<month>[A-Z][a-z]{2})\s+(?P<day>\d{1,2})\s+(?:(?P<hour>\d\d):(?P<minute>\d\d)|(?P<year>\d{4})) (?P<name>.+)\Z",
    re.DOTALL,
)
# Words in the answer 226, which ends a listing, that mean it is missing or incomplete.
_INCOMPLETE = re.compile(r"fail|truncated|denied|unable|cannot|can't|error", re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, order=True)
class Folder:
    """A folder in the server's root: its name, and the server's bytes of it (read as Latin-1)."""

    name: str
    wire_name: str


@dataclass(frozen=True)
class ListedFile:
    """A log file as LIST shows it. `listed_at` (UTC) is exact to the minute, or to the day if `only_day`."""

    folder: Folder
    name: str
    size: int
    listed_at: datetime
    only_day: bool

    def shows(self, modified_at: datetime) -> bool:
        """Return whether a file last modified at `modified_at` would be listed with this time."""
        moment = modified_at.astimezone(UTC)
        if self.only_day:
            return moment.date() == self.listed_at.date()
        return moment.replace(second=0, microsecond=0) == self.listed_at

    def __str__(self) -> str:
        return f"{self.folder.name}/{self.name}"


@dataclass(frozen=True)
class Entry:
    """One line of a LIST answer: kind (`-`, `d` or `l`), name, size in bytes, time (UTC), and whether the time is only a day."""

    kind: str
    name: str
    size: int
    listed_at: datetime
    only_day: bool


def parse_listed(line: str, now: datetime) -> Entry | None:
    """Parse one line of a LIST answer in the form of `ls -l`.

    Args:
        line: the line.
        now: the present time (UTC), from which the missing year of `Nov 22 03:22` follows.

    Returns:
        The entry; None if the line has another form.
    """
    match = _LISTED.match(line)
    if match is None or match["month"] not in _MONTHS:
        return None
    month, day = _MONTHS.index(match["month"]) + 1, int(match["day"])
    try:
        if match["year"]:
            listed_at = datetime(int(match["year"]), month, day, tzinfo=UTC)
        else:
            # The latest year in which this is a date (29 February!) and not in the future.
            listed_at = next(
                moment
                for moment in _dates(range(now.year + 1, now.year - 8, -1), month, day, int(match["hour"]), int(match["minute"]))
                if moment <= now + timedelta(days=1)
            )
    except (ValueError, StopIteration):
        return None
    return Entry(match["kind"], match["name"], int(match["size"]), listed_at, bool(match["year"]))


def _dates(years: range, month: int, day: int, hour: int, minute: int) -> Iterator[datetime]:
    for year in years:
        with suppress(ValueError):
            yield datetime(year, month, day, hour, minute, tzinfo=UTC)


def _decode(name: str) -> str:
    """Decode a name, whose bytes are given as Latin-1 text: as UTF-8 if that is valid, else as Windows-1252.

    A UTF-8 name and a Windows-1252 name may read the same: the loader refuses the second.
    """
    raw = name.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves undefined keep their code point.
        return "".join(each if each in "\x81\x8d\x8f\x90\x9d" else each.encode("latin-1").decode("cp1252") for each in name)


def _refuse(error: LoadError) -> None:
    raise error


def _is_transient(error: BaseException) -> bool:
    """Return whether an error may go away by itself.

    Errors of the network and of FTP may, except a 5xx answer, a bad certificate and a full temporary folder.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return False
    firm = (ftplib.error_perm, ssl.SSLCertVerificationError)
    return isinstance(error, (OSError, EOFError, ftplib.Error)) and not isinstance(error, firm)


def _receive(ftp: ftplib.FTP, name: str, spool: IO[bytes]) -> None:
    """Transfer a file, like `retrbinary` but without its `TYPE I`."""
    with ftp.transfercmd(f"RETR {name}") as connection:
        while block := connection.recv(BLOCK_BYTES):
            spool.write(block)
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
    ftp.voidresp()


class _FtpOverTls(ftplib.FTP_TLS):
    """FTP over explicit TLS. Data connections resume the control connection's TLS session, which many servers require."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(connection, server_hostname=self.host, session=session), size


class FtpClient:
    """One connection to the server, opened when it is first needed, and again after it breaks.

    Not for use by several threads at once. Temporary errors are retried, `attempts` times in all.
    """

    def __init__(self, settings: FtpSettings, attempts: int = ATTEMPTS) -> None:
        self._settings = settings
        self._attempts = attempts
        self._connection: ftplib.FTP | None = None
        self._root = "/"
        # The connection's current folder, and whether it is in binary mode: saves commands that would change nothing.
        self._place: str | None = None
        self._is_binary = False

    def __str__(self) -> str:
        return f"FTP server {self._settings.host}:{self._settings.port}"

    def close(self) -> None:
        """Disconnect; a later call connects again."""
        if self._connection is not None:
            with suppress(*ftplib.all_errors):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def greeting(self) -> str:
        """Return the server's welcome message.

        Raises:
            LoadError: the server cannot be reached, or refuses the login.
        """
        return self._retry("its greeting", lambda ftp: ftp.getwelcome()).encode("latin-1").decode(errors="replace")

    def folders(self, unclear: Unclear = _refuse) -> list[Folder]:
        """List the folders in the root, one per machining centre, in order. Of two that read the same, the one in UTF-8 is first.

        Args:
            unclear: called with an error for each line of the listing that cannot be interpreted.

        Raises:
            UnreachableError: the server cannot be reached, or refuses the login.
            LoadError: it refuses the listing.
        """
        # Files in the root do not matter.
        entries = self._entries(None, lambda text: not text.startswith("-"), unclear)
        return sorted(
            Folder(_decode(entry.name), entry.name) for entry in entries if entry.kind == "d" and entry.name not in (".", "..")
        )

    def files(self, folder: Folder, unclear: Unclear = _refuse) -> list[ListedFile]:
        """List a folder's log files (`YYYYMMDD.LOG`), in order.

        Args:
            folder: the folder.
            unclear: called with an error for each line that may be a log file, but cannot be interpreted.

        Raises:
            UnreachableError: the server cannot be reached.
            LoadError: the folder is gone, or may not be entered or listed.
        """
        entries = self._entries(folder, lambda text: _LOG_FILE.search(text.partition(" -> ")[0].rstrip()) is not None, unclear)
        files = [
            ListedFile(folder, entry.name, entry.size, entry.listed_at, entry.only_day)
            for entry in entries
            if entry.kind == "-" and _LOG_FILE.match(entry.name)
        ]
        return sorted(files, key=lambda file: file.name)

    def _entries(self, folder: Folder | None, matters: Callable[[str], bool], unclear: Unclear) -> list[Entry]:
        """List a folder. Lines that cannot be interpreted are passed to `unclear`, if `matters` says so of the line or name."""
        subject = f"folder {folder.name!r}" if folder else "its root folder"
        entries = []
        for line, entry in self._retry(subject, lambda ftp: self._list(ftp, folder)):
            if entry is not None and entry.kind != "l":
                entries.append(entry)
            elif matters(entry.name if entry else line):
                said = "a line of its listing cannot be read" if entry is None else "a symbolic link, which is not followed"
                unclear(LoadError(f"{self}: {subject}: {said}: {_decode(entry.name if entry else line)!r}"))
        return entries

    def modified_at(self, file: ListedFile) -> datetime:
        """Ask for the file's modification time, exact to the second, in UTC (MDTM).

        Raises:
            UnreachableError: the server cannot be reached.
            LoadError: the file is gone, or may not be read.
        """
        return self._retry(f"file {str(file)!r}", lambda ftp: self._modified_at(ftp, file))

    @contextmanager
    def download(self, file: ListedFile) -> Iterator[IO[bytes]]:
        """Transfer a whole file to memory or a temporary file, and yield that once it is complete.

        Raises:
            UnreachableError: the server cannot be reached.
            LoadError: the file cannot be read, or shrinks during each attempt.
        """
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
            self.fetch(file, spool)
            yield spool

    def fetch(self, file: ListedFile, spool: IO[bytes]) -> None:
        """Transfer a whole file into `spool`, which is emptied before each attempt: see `download`."""
        self._retry(f"file {str(file)!r}", lambda ftp: self._transfer(ftp, file, spool))
        spool.seek(0)

    def _transfer(self, ftp: ftplib.FTP, file: ListedFile, spool: IO[bytes]) -> None:
        spool.seek(0)
        spool.truncate()
        self._enter(ftp, file.folder)
        if not self._is_binary:
            ftp.voidcmd("TYPE I")  # LIST leaves text mode on, in which vsftpd gives no size
            self._is_binary = True
        before = ftp.size(file.name) or 0
        _receive(ftp, file.name, spool)
        if (received := spool.tell()) < before:
            after = ftp.size(file.name) or 0
            shrank = f"it shrank from {before} to {after} bytes while it was read"
            raise EOFError(shrank if after < before else f"only {received} of {before} bytes arrived")

    def _modified_at(self, ftp: ftplib.FTP, file: ListedFile) -> datetime:
        self._enter(ftp, file.folder)
        answer = ftp.voidcmd(f"MDTM {file.name}")
        return datetime.strptime(answer.split()[1][:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    def _list(self, ftp: ftplib.FTP, folder: Folder | None) -> list[tuple[str, Entry | None]]:
        self._enter(ftp, folder)
        lines: list[str] = []
        self._is_binary = False
        answer = ftp.retrlines("LIST", lines.append)
        if _INCOMPLETE.search(answer):
            raise ftplib.error_perm(f"it cannot be listed, or not all of it: {answer}")
        if not lines and not self._shows_itself(ftp, folder):
            raise ftplib.error_perm("it cannot be listed: the listing is empty, without even the folder itself")
        now = datetime.now(UTC)
        return [(line, parse_listed(line, now)) for line in lines if line and not re.match(r"total \d+\s*\Z", line)]

    def _shows_itself(self, ftp: ftplib.FTP, folder: Folder | None) -> bool:
        """Return whether an empty listing is of an empty folder: with `-a`, servers list the folder itself, if they may list it."""
        lines: list[str] = []
        ftp.retrlines("LIST -a", lines.append)
        if lines or folder is None:
            return bool(lines)
        self._enter(ftp, None)
        ftp.retrlines("LIST -a", lines.append)
        return not any(line.endswith(" .") for line in lines)  # some servers never list it

    def _enter(self, ftp: ftplib.FTP, folder: Folder | None) -> None:
        """Change to a folder. LIST and RETR then need no path, in which vsftpd would read brackets as a pattern."""
        place = self._root if folder is None else f"{self._root.rstrip('/')}/{folder.wire_name}"
        if place != self._place:
            self._place = None
            ftp.cwd(place)
            self._place = place

    def _retry(self, subject: str, action: Callable[[ftplib.FTP], T]) -> T:
        """Do something on the connection. Temporary errors are retried on a new one, with exponential back-off."""
        ftp: ftplib.FTP | None = None
        try:
            for attempt in retrying(_is_transient, self._attempts):
                with attempt:
                    ftp = None
                    ftp = self._connected()
                    try:
                        return action(ftp)
                    except ftplib.all_errors:
                        self._drop()
                        raise
        except ssl.SSLCertVerificationError as error:
            raise UnreachableError(f"{self}: {not_trusted('FTP', error)}") from error
        except (ftplib.Error, OSError, EOFError, ValueError) as error:
            if ftp is None:
                raise UnreachableError(f"{self}: {subject}: {one_line(error)} (check FTP_HOST and FTP_PORT)") from error
            raise LoadError(f"{self}: {subject}: {one_line(error)}") from error
        raise AssertionError("unreachable")

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> ftplib.FTP:
        if self._connection is None:
            # Latin-1 keeps the bytes of every file name, whatever the server's encoding.
            if self._settings.tls:
                ftp: ftplib.FTP = _FtpOverTls(timeout=TIMEOUT_SECONDS, encoding="latin-1", context=self._settings.tls.context())
            else:
                ftp = ftplib.FTP(timeout=TIMEOUT_SECONDS, encoding="latin-1")
            try:
                ftp.connect(self._settings.host, self._settings.port)
                self._login(ftp)
                self._root = ftp.pwd()
            except BaseException:
                ftp.close()
                raise
            self._connection, self._place, self._is_binary = ftp, None, False
        return self._connection

    def _login(self, ftp: ftplib.FTP) -> None:
        try:
            # The connection encodes as Latin-1, but user and password are to be sent as UTF-8.
            ftp.login(self._settings.user.encode().decode("latin-1"), self._settings.password.encode().decode("latin-1"))
            if isinstance(ftp, ftplib.FTP_TLS):
                ftp.prot_p()
        except ftplib.error_perm as error:
            user = self._settings.user
            raise UnreachableError(
                f"{self}: login as {user!r} refused ({one_line(error)}): check FTP_USER, FTP_PASS and FTP_TLS"
            ) from error


class FtpPool:
    """Connections for several threads, opened as needed, up to the limits of the settings and of the server.

    Each server enforces its limit in its own way (vsftpd answers 421, others refuse the login). So if a connection cannot be opened
    while others are open, it is taken for one too many, and the others do its work.
    """

    def __init__(self, settings: FtpSettings) -> None:
        self.connections = settings.connections
        self._settings = settings
        self._most = settings.connections
        self._open = 0
        self._idle: list[FtpClient] = []
        self._given_up: UnreachableError | None = None
        self._changed = threading.Condition()

    def close(self) -> None:
        """Close all connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def modified_at(self, file: ListedFile) -> datetime:
        """Ask for the file's modification time: see `FtpClient.modified_at`."""
        return self._on_one(lambda client: client.modified_at(file))

    @contextmanager
    def download(self, file: ListedFile) -> Iterator[IO[bytes]]:
        """Transfer a whole file: see `FtpClient.download`. The connection is free for others before the file is yielded."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
            self._on_one(lambda client: client.fetch(file, spool))
            yield spool

    def _on_one(self, action: Callable[[FtpClient], T]) -> T:
        """Do something on the first free connection. If it cannot be opened, go on with one connection less."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._idle or self._open + len(self._idle) < self._most or self._given_up)
                if self._given_up:
                    raise self._given_up
                client = self._idle.pop() if self._idle else FtpClient(self._settings)
                self._open += 1
            lost = None
            try:
                return action(client)
            except UnreachableError as error:
                lost = error
            finally:
                with self._changed:
                    self._open -= 1
                    if lost is None:
                        self._idle.append(client)
                    else:
                        client.close()
                        self._most = self._open + len(self._idle)
                        self._given_up = None if self._most else lost
                    self._changed.notify_all()
