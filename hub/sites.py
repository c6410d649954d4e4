"""The file that names the sites: `sites.yml`, or what `SITES_FILE` names."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from common.errors import LoadError, one_line
from common.settings import ROOT, SSL_MODES

# Schemas of the hub that are no site's.
_TAKEN = {"analyses", "hub", "information_schema", "marts", "public"}
_NEEDED = {"host", "database", "user"}
_TEXTS = _NEEDED | {"password_file", "password_env", "sslmode", "sslrootcert"}
_KNOWN = _TEXTS | {"port", "erp"}


@dataclass(frozen=True, eq=False)
class Site:
    """A plant's warehouse. `server` has libpq's options for it; `erp` says whether its orders are shown."""

    name: str
    server: Mapping[str, str]
    user: str
    password: str = field(repr=False)
    erp: bool

    @property
    def prefix(self) -> str:
        """What the site's keys begin with (the macro `cle`)."""
        return hashlib.md5(self.name.encode(), usedforsecurity=False).hexdigest()[:8]


def read_sites(environ: Mapping[str, str]) -> list[Site]:
    """Read the sites.

    Args:
        environ: the environment; `SITES_FILE` names the file, by default `sites.yml` in this project. Passwords may be in it.

    Raises:
        LoadError: the file, or what it says of a site, is missing or malformed.
    """
    path = Path(ROOT, environ.get("SITES_FILE") or "sites.yml")
    try:
        text = path.read_text("utf-8")
        told = yaml.safe_load(text)
        _check_names(path, yaml.compose(text, yaml.SafeLoader))
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}: name the file of the sites in SITES_FILE") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # What PyYAML says besides shows the line, in which a password may be.
        said = f"{getattr(error, 'problem', None) or 'it'} is no YAML"
        mark = getattr(error, "problem_mark", None)
        raise LoadError(f"{path}{f', line {mark.line + 1}' if mark else ''}: {said}") from None
    if not isinstance(told, dict) or not all(isinstance(site, dict) for site in told.values()):
        raise LoadError(f"{path}: give each site a line with its name and a colon, and below it, indented, host, database and user")
    sites = [_site(f"{path}, {' '.join(str(name).split())}", str(name), site, path.parent, environ) for name, site in told.items()]
    if len({site.prefix for site in sites}) < len(sites):
        raise LoadError(f"{path}: the keys of two of these sites begin alike: give one of them another SITE")
    return sites


def _check_names(path: Path, node: yaml.Node | None) -> None:
    """Refuse a name that stands twice: of two such sites, or settings, the second would silently replace the first."""
    if isinstance(node, yaml.MappingNode):
        names = [str(key.value) for key, _ in node.value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise LoadError(f"{path}: {twice[0]!r} is there twice: take one of them out")
        for _, below in node.value:
            _check_names(path, below)


def _site(where: str, name: str, told: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> Site:
    if not re.fullmatch("[a-z][a-z0-9_]{0,19}", name) or name in _TAKEN or name.startswith("pg_"):
        raise LoadError(f"{where}: this cannot be a site's name: it is its SITE, at most 20 small letters and digits")
    if unknown := sorted(map(str, told.keys() - _KNOWN)):
        raise LoadError(f"{where}: {', '.join(unknown)}: not known here; known are {', '.join(sorted(_KNOWN))}")
    if missing := sorted(name for name in _NEEDED if not told.get(name)):
        raise LoadError(f"{where}: {', '.join(missing)} is missing")
    if wrong := [name for name in sorted(_TEXTS & told.keys()) if not (isinstance(told[name], str) and told[name].isprintable())]:
        raise LoadError(f"{where}: {wrong[0]} is no text: write one, in quotes if it is a number")
    port = told.get("port", 5432)
    if type(port) is not int or not 1 <= port <= 65_535:
        raise LoadError(f"{where}: port is {port!r}: set it to a number from 1 to 65535")
    if told.get("sslmode", "prefer") not in SSL_MODES or told.get("erp", True) not in (True, False):
        raise LoadError(f"{where}: sslmode is one of {', '.join(SSL_MODES)}, and erp is true or false")
    server = {"host": told["host"], "port": port, "dbname": told["database"]}
    server |= {name: told[name] for name in ("sslmode", "sslrootcert") if told.get(name)}
    password = _password(where, told, folder, environ)
    return Site(name, {name: str(value) for name, value in server.items()}, str(told["user"]), password, told.get("erp", True))


def _password(where: str, told: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> str:
    """Read a site's password from its file, which may end with a line break, or from the environment."""
    if told.get("password_file"):
        file = Path(folder, told["password_file"])
        try:
            password = file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise LoadError(f"{where}: password_file is {str(file)!r}: {one_line(error)}") from None
    else:
        password = environ.get(str(told.get("password_env") or ""), "")
    if not password or "\0" in password:
        raise LoadError(f"{where}: give it a password_file that holds one, or a password_env and this variable")
    return password
