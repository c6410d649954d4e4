"""Debian packages: installed, or unpacked without installing them."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from demo.stack.errors import StackError
from demo.stack.programs import PATH, last_error, new_folder, run, which

_APT_SECONDS = 120.0


def _apt(log: Path, *arguments: str, cwd: Path | None = None) -> None:
    """Run apt-get; if it fails, update the package lists and try again.

    Args:
        log: the file its output is added to.
        arguments: what follows ``apt-get``.
        cwd: the folder it runs in.

    Raises:
        StackError: it failed, or there is no apt-get.
    """
    apt = which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise StackError(f"as root: apt-get {' '.join(arguments)}")
    options = ["-y", "-q", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Sandbox::User=root"]
    environment = {**os.environ, "PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"}
    deadline = time.monotonic() + _APT_SECONDS
    steps = [(arguments, True), (("update",), False), (arguments, True)]
    while steps:
        step, is_goal = steps.pop(0)
        command = [str(apt), *options, *step]
        with log.open("ab") as out:
            beginning = out.seek(0, os.SEEK_END)
            code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd, env=environment)
        if code == 0 and is_goal:
            return
        # Another process may be updating: DPkg::Lock::Timeout does not cover that lock.
        if code and "get lock" in last_error(log, beginning) and time.monotonic() < deadline:
            time.sleep(1)
            steps.insert(0, (step, is_goal))
    raise StackError(f"apt-get {' '.join(arguments)} failed: {last_error(log, beginning)}")


def install_packages(label: str, packages: Mapping[str, str], log: Path, say: Callable[[str], None]) -> None:
    """Install Debian packages, unless their programs exist.

    Args:
        label: what they are for.
        packages: for each program that is needed, its package.
        log: the file to which apt's output is added.
        say: called with a line if there is something to install.

    Raises:
        StackError: they cannot be installed.
    """
    missing = {program: package for program, package in packages.items() if not which(program)}
    if not missing:
        return
    program, package = next(iter(missing.items()))
    names = sorted(set(packages.values()))
    say(f"{label}: installing {' and '.join(names)}")
    try:
        _apt(log, "install", "--no-install-recommends", *names)
    except StackError as error:
        hint = f"{program} is missing: install the package {package}"
        raise StackError(f"{hint} ({error})") from None


def unpack(package: str, program: str, folder: Path, log: Path) -> Path:
    """Unpack a Debian package without installing it, unless that is done; install the libraries that it needs.

    Args:
        package: its name.
        program: the path of the wanted program in the package, or a pattern for it.
        folder: the folder for its files.
        log: the file to which apt's output is added.

    Returns:
        The program.

    Raises:
        StackError: the package or a library is not available.
    """
    if not folder.exists():
        with new_folder(folder) as new:
            _apt(log, "download", package, cwd=new)
            run(["dpkg-deb", "-x", next(new.glob("*.deb")), new], log)
    found = next(folder.glob(program))
    linked = subprocess.run(["ldd", found], capture_output=True, text=True, check=False)
    if "not found" in linked.stdout:
        depends = subprocess.check_output(["dpkg-deb", "-f", next(folder.glob("*.deb")), "Depends"], text=True)
        libraries = re.findall(r"(?:^|, )(lib(?!pam-)[\w.+-]+)", depends)
        _apt(log, "install", "--no-install-recommends", *libraries)
    return found
