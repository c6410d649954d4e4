"""Programs of the system: how they are found and run without root's rights, and the errors in their logs."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from demo.stack.errors import StackError

# The servers refuse to run as root. This account exists on every Linux, and so does its home folder, which vsftpd needs.
ACCOUNT = "daemon"
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
# Not the caller's environment: PGDATA, MYSQL_HOME, LC_ALL and TMPDIR would change the servers.
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C"}


def which(program: str) -> Path | None:
    """Return the path of a program, or None."""
    found = shutil.which(program, path=PATH)
    return Path(found) if found else None


def found(program: str) -> Path:
    """Return the path of a program.

    Raises:
        StackError: it is missing.
    """
    path = which(program)
    if path is None:
        raise StackError(f"{program} is missing")
    return path


def give_away(*paths: Path) -> None:
    """If this is root, make the unprivileged account the owner of the paths."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        for path in paths:
            os.chown(path, account.pw_uid, account.pw_gid)


def unprivileged(folder: Path, program: Path) -> list[str]:
    """Return the prefix that makes a command run without root's rights.

    The project may be below a folder that only root can enter. Then the server gets one capability,
    to pass through it. Containers grant it in another form, so several are tried.

    Args:
        folder: the server's data.
        program: the server.

    Raises:
        StackError: the account cannot reach one of them.
    """
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam(ACCOUNT)
    prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
    prefix += ["--clear-groups"]
    for right in ("", "dac_read_search", "dac_override"):
        # With the securebit, access(2) honours it too: PostgreSQL finds its programs by that.
        capability = [f"--inh-caps=-all,+{right}", f"--ambient-caps=+{right}"]
        capability += [f"--bounding-set=-all,+{right}", "--securebits=+no_setuid_fixup"]
        attempt = [*prefix, *(capability if right else [])]
        script = 'cd "$0" && test -x "$1" && "$1" --version'
        probe = [*attempt, "sh", "-c", script, str(folder), str(program)]
        if subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0:
            return attempt
    hint = "move the project and its Python to a folder that everybody can enter"
    raise StackError(f"the account {ACCOUNT} cannot reach {program} or {folder}: {hint}")


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield a folder to fill. It is renamed to the target if that succeeds."""
    folder = target.with_name(target.name + ".new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    yield folder
    folder.rename(target)


def write_secret(file: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    file.touch(mode=0o600)
    file.write_text(text)


def run(
    command: Sequence[object],
    log: Path,
    *,
    prefix: Sequence[str] = (),
    cwd: Path | None = None,
    text: str = "",
) -> None:
    """Run a command to its end, with its output in the log.

    Args:
        command: the program and its arguments.
        log: the file its output is added to.
        prefix: what makes it run as another account.
        cwd: the folder it runs in.
        text: its standard input.

    Raises:
        StackError: it failed; the message has the last line of its output.
    """
    words = [str(word) for word in command]
    with log.open("ab") as out:
        beginning = out.seek(0, os.SEEK_END)
        result = subprocess.run(
            [*prefix, *words],
            input=text.encode(),
            stdout=out,
            stderr=out,
            cwd=cwd,
            env=ENVIRONMENT,
            check=False,
        )
    if result.returncode:
        raise StackError(f"{Path(words[0]).name} failed: {last_error(log, beginning)}")


def last_error(log: Path, beginning: int) -> str:
    """Return the last error in the log, or else its last line, from an offset in bytes on."""
    with log.open("rb") as file:
        file.seek(beginning)
        lines = file.read().decode(errors="replace").splitlines()
    lines = [line.strip() for line in lines if line.strip()]
    errors = [line for line in lines if re.search(r"FATAL|ERROR|OOPS|Error|^E:", line)]
    return next(reversed(errors or lines), "")
