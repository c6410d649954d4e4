"""Containers without Docker: runs a Dockerfile's steps in a clean Debian, and services as Compose describes them.

What an engine gives is made of what Linux gives to root: a folder that debootstrap fills, a mount and a PID namespace, chroot, and
setpriv for account, capabilities and no new privileges. The network is the machine's own, and limits of memory are not set.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

BASE = "debian:bookworm-slim"
_INSTRUCTION = re.compile(r"\s*([A-Z]+)\s+(.*)", re.DOTALL)
# In its own namespaces, so that all mounts end with it. `$0` is the root; the arguments up to `--` are pairs of mounts.
_ENTER = """
root=$0
mount --make-rprivate /
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
    case $1 in
        proc) mount -t proc proc "$root/proc" ;;
        tmpfs) mount -t tmpfs -o noexec,nosuid,nodev,mode=1777 tmpfs "$root$2" ;;
        readonly) mount -o remount,bind,ro "$root" ;;
        readonly:*) mount --bind "${1#readonly:}" "$root$2" && mount -o remount,bind,ro "$root$2" ;;
        *) mount --rbind "$1" "$root$2" ;;
    esac
    shift 2
done
shift
exec chroot "$root" "$@"
"""


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Image:
    """What a Dockerfile makes: a root folder, and how a container of it is started."""

    root: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    folder: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


def steps(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Read a Dockerfile: the name of each step, and its argument with the lines joined and the comments gone."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    for step in re.sub(r"\\\n", "", "\n".join(lines)).splitlines():
        if step.strip():
            match = _INSTRUCTION.match(step)
            assert match, step
            yield match[1], match[2].strip()


def words(argument: str) -> list[str]:
    """Return the words of a command in JSON, or the shell's command of one that is not."""
    return json.loads(argument) if argument.startswith("[") else ["/bin/sh", "-c", argument]


def entering(context: Path) -> list[Path]:
    """List the files of a build's context that `.dockerignore` lets in, relative to it."""
    rules = []
    ignored = context / ".dockerignore"
    for line in ignored.read_text().splitlines() if ignored.exists() else ():
        if line and not line.startswith("#"):
            pattern = re.escape(line.removeprefix("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            rules.append((line.startswith("!"), re.compile(rf"{pattern}(?:/.*)?")))
    files = []
    for folder, _, names in os.walk(context):
        for name in names:
            path = Path(folder, name).relative_to(context)
            verdicts = [enters for enters, pattern in rules if pattern.fullmatch(str(path))]
            if not verdicts or verdicts[-1]:
                files.append(path)
    return sorted(files)


def build(dockerfile: Path, context: Path, base: Path, root: Path) -> Image:
    """Make an image.

    Args:
        dockerfile: the file with its steps; one that is unknown here fails.
        context: the folder that it copies from.
        base: a clean Debian, which is copied.
        root: the image's folder.
    """
    subprocess.run(["cp", "--archive", "--reflink=auto", base, root], check=True)
    image = Image(root)
    for name, argument in steps(dockerfile.read_text()):
        match name:
            case "FROM":
                assert argument == BASE
            case "RUN":
                _run(image, words(argument))
            case "WORKDIR":
                image.folder = argument
                (root / argument.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                image.environ |= dict(assignment.split("=", 1) for assignment in shlex.split(argument))
            case "COPY":
                *sources, target = argument.split()
                place = root / Path(image.folder, target).relative_to("/")  # never a folder of this machine
                _copy(context, sources, place, names_folder=target.endswith(("/", ".")))
            case "USER":
                image.user = argument
            case "ENTRYPOINT":
                image.entrypoint = words(argument)
            case "CMD":
                image.command = words(argument)
            case _:
                raise AssertionError(f"no such step here: {name}")
    return image


def _copy(context: Path, sources: Sequence[str], target: Path, *, names_folder: bool) -> None:
    """Copy files, and what is in folders, as root's; `.` is all that enters."""
    for source in map(Path, sources):
        taken = [path for path in entering(context) if path.is_relative_to(source)]
        assert taken, f"{source} does not enter"
        for path in taken:
            inside = Path(path.name) if path == source else path.relative_to(source)
            place = target if path == source and not names_folder else target / inside
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(context / path, place)
            os.chown(place, 0, 0)


def _run(image: Image, command: Sequence[str]) -> None:
    """Make a RUN step. The machine's settings of pip and its certificates hold, so that packages come by the same way."""
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    there = image.root / certificates.lstrip("/")
    mounts = ["proc", "-", "/dev", "/dev", *([f"readonly:{certificates}", certificates] if there.exists() else [])]
    machine = {name: value for name, value in os.environ.items() if name in ("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "PIP_INDEX_URL")}
    done = subprocess.run(
        _entered(image.root, mounts, ["/bin/sh", "-c", f'cd {image.folder} && exec "$@"', "sh", *command]),
        env={**image.environ, **machine}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def _entered(root: Path, mounts: Sequence[str], command: Sequence[str]) -> list[str]:
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", _ENTER, str(root), *mounts, "--", *command]


class Container:
    """A running service of the Compose file, until the block ends.

    Args:
        image: its image.
        service: its description, as `tests.compose.services` returns it.
        secrets: the files that stand for the secrets, by name.
        volumes: the folders that stand for the volumes, by name. One that is empty takes over its mount point's owner.
        environ: variables in the place of the described ones.
        command: another command in the place of its own.
        log: the file that takes what it says.
    """

    def __init__(
        self,
        image: Image,
        service: Mapping[str, Any],
        secrets: Mapping[str, Path],
        volumes: Mapping[str, Path],
        log: Path,
        environ: Mapping[str, str] | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self._image = image
        self._log = log
        described = {name: str(value) for name, value in service.get("environment", {}).items() if value is not None}
        self._environ = {**image.environ, **described, **(environ or {})}
        self._user = {"root": "0:0"}.get(service.get("user", ""), service.get("user")) or image.user
        self._capabilities = [name.lower() for name in service.get("cap_add", [])]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        self._mounts = self._mounted(service, secrets, volumes)
        words = list(command or service.get("command") or image.command)
        self._words = [*image.entrypoint, *words]

    def _mounted(self, service: Mapping[str, Any], secrets: Mapping[str, Path], volumes: Mapping[str, Path]) -> list[str]:
        mounts = ["proc", "-", "/dev", "/dev"]
        for name in service["secrets"]:
            self._point(f"/run/secrets/{name}").touch()
            mounts += [f"readonly:{secrets[name]}", f"/run/secrets/{name}"]
        for source, target, read_only in service["volumes"]:
            point = self._point(target)
            folder = volumes[Path(source).name]
            if not point.is_dir():
                point.mkdir()
            if not any(folder.iterdir()):
                owner = point.stat()
                os.chown(folder, owner.st_uid, owner.st_gid)
            mounts += [f"readonly:{folder}" if read_only else str(folder), target]
        if service.get("read_only"):
            mounts += ["readonly", "-"]
        for target in service.get("tmpfs", []):
            mounts += ["tmpfs", target]
        return mounts

    def _point(self, target: str) -> Path:
        point = self._image.root / target.lstrip("/")
        point.parent.mkdir(parents=True, exist_ok=True)
        return point

    def _inside(self, words: Sequence[str]) -> list[str]:
        user, _, group = self._user.partition(":")
        capabilities = ",".join(["-all", *(f"+{name}" for name in self._capabilities)])
        account = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        rights = ["--no-new-privs", f"--bounding-set={capabilities}", "--inh-caps=-all"]
        return [*account, *rights, "sh", "-c", f'cd {self._image.folder} && exec "$@"', "sh", *words]

    def run(self) -> str:
        """Run it to its end, which must be exit code 0; return its output."""
        with self:
            code = self.process.wait(600)
        said = self._log.read_text(errors="replace")
        assert code == 0, said
        return said

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                _entered(self._image.root, self._mounts, self._inside(self._words)),
                env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        # The first process takes all others with it.
        for child in self._children():
            os.kill(child, signal.SIGKILL)
        self.process.wait(10)

    def _children(self) -> list[int]:
        if self.process.poll() is not None:
            return []
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]

    @property
    def first(self) -> int:
        """The number that its first process has on this machine, as soon as that is in its own root."""
        end = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < end:
            for child in self._children():
                if Path(f"/proc/{child}/root").readlink() == self._image.root:
                    return child
            time.sleep(0.02)
        raise AssertionError(f"it has ended, or does not start: {self._log.read_text(errors='replace')}")

    def exec(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in it, as `docker compose exec` does: with its account, and without its entry point."""
        command = ["nsenter", f"--target={self.first}", "--mount", "--pid", f"--root=/proc/{self.first}/root", "--wdns=/"]
        return subprocess.run(
            [*command, *self._inside(words)], env=self._environ, capture_output=True, text=True, timeout=300, check=False
        )

    def stop(self, seconds: float) -> int:
        """Stop it, as `docker compose stop` does; return its exit code."""
        os.kill(self.first, signal.SIGTERM)
        return self.process.wait(seconds)
