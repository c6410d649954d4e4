"""Reads the Compose file with Docker Compose, or with Debian's `docker-compose`. Neither needs a Docker engine for that."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from demo.stack import install_packages
from tests.factory import ROOT

TRIAL = ROOT / "docker" / "trial" / "trial.env"
# What a factory must set in .env.
FACTORY = {"FTP_HOST": "ftp.lan", "FTP_USER": "atelier", "MYSQL_HOST": "erp.lan", "MYSQL_USER": "lecture", "MYSQL_DB": "erp"}


def compose(folder: Path, *words: str, env_file: Path) -> "subprocess.CompletedProcess[str]":
    """Run Compose on the project's file, with a `.env` file of its own and nothing of the caller's environment.

    Args:
        folder: where apt's log goes, should the package have to be installed.
        words: the command's.
        env_file: the file in the place of `.env`.
    """
    program = ["docker", "compose"]
    if not shutil.which("docker") or subprocess.run([*program, "version"], capture_output=True, check=False).returncode:
        install_packages("Compose", {"docker-compose": "docker-compose"}, folder / "apt.log", print)
        program = ["docker-compose"]
    return subprocess.run(
        [*program, "--file", str(ROOT / "docker-compose.yml"), "--env-file", str(env_file), *words],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def written(folder: Path, variables: Mapping[str, str]) -> Path:
    """Write a `.env` file; return it."""
    path = folder / "compose.env"
    path.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    return path


def services(folder: Path, env_file: Path) -> dict[str, Any]:
    """Return the services as Compose understands them, those of the trial too.

    Args:
        folder: for what the command writes.
        env_file: the file in the place of `.env`.
    """
    done = compose(folder, "--profile", "trial", "config", env_file=env_file)
    assert done.returncode == 0, done.stderr
    described: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
    for service in described.values():
        # Compose 1 writes short forms, Compose 2 long ones.
        service["secrets"] = [secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])]
        service["volumes"] = [_volume(volume) for volume in service.get("volumes", [])]
        service["ports"] = [_port(port) for port in service.get("ports", [])]
    return described


def _volume(volume: str | Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return a mount's source and target, and whether it is read-only."""
    if isinstance(volume, str):
        source, target, mode = volume.split(":")
        return source, target, mode == "ro"
    return volume["source"], volume["target"], volume.get("read_only", False)


def _port(port: str | Mapping[str, Any]) -> tuple[str, int, int]:
    """Return a published port's address, its number there, and that in the container."""
    if isinstance(port, str):
        address, published, target = port.removesuffix("/tcp").split(":")
        return address, int(published), int(target)
    return port["host_ip"], int(port["published"]), int(port["target"])
