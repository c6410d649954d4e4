"""Run a command with the variables of a `.env` file: `python -m common.dotenv COMMAND [ARG ...]`.

Values are taken as they stand, so that a password may hold any character: nothing is expanded, and a
`#` inside a value is part of it. Neither make's `include` nor the usual libraries do that. A variable that the
environment already holds keeps its value there.

A secret may stand in a file of its own, as containers and systemd hand secrets over: `FTP_PASS_FILE` names the file that
holds `FTP_PASS`.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from common.errors import LoadError

# What may stand in a file of its own.
SECRETS = (
    "FTP_PASS",
    "MYSQL_PASSWORD",
    "POSTGRES_PASSWORD",
    "DBT_POSTGRES_PASSWORD",
    "REPORT_POSTGRES_PASSWORD",
    "ALERTS_POSTGRES_PASSWORD",
    "POSTGRES_ADMIN_PASSWORD",
    "ALERT_WEBHOOK_URL",
)
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*(.*?)\s*\Z", re.DOTALL)
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<value>.*)(?P=quote)(?:\s+#.*)?\Z", re.DOTALL)


def parse(text: str) -> dict[str, str]:
    r"""Read the text of a `.env` file.

    Args:
        text: lines of the form `NAME=value`. Blank lines and lines that begin with `#` say nothing. A value in
            single quotes is what stands between them; in double quotes, `\"` and `\\` stand for a quote and a backslash.

    Returns:
        The variables, in the file's order; the last line wins where a name stands twice.
    """
    variables = {}
    for line in text.split("\n"):
        match = None if line.lstrip().startswith("#") else _ASSIGNMENT.match(line)
        if match is None:
            continue
        name, value = match.groups()
        quoted = _QUOTED.match(value)
        if quoted:
            value = quoted["value"]
            if quoted["quote"] == '"':
                value = re.sub(r'\\(["\\])', r"\1", value)
        variables[name] = value
    return variables


def with_dotenv(environ: Mapping[str, str], path: Path) -> dict[str, str]:
    """Add a `.env` file's variables to an environment.

    Args:
        environ: the environment, whose values win. A variable set to the empty text counts as set.
        path: the file; one that does not exist adds nothing.

    Returns:
        A new environment.
    """
    file_variables = parse(_decoded(path.read_bytes())) if path.is_file() else {}
    return {**file_variables, **environ}


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Add the secrets that stand in files of their own to an environment.

    Args:
        environ: the environment. `NAME_FILE` is the file that holds the secret `NAME`, where that is not set or empty. Line ends at
            the file's end are no part of the secret; an empty file sets nothing.

    Returns:
        A new environment.

    Raises:
        LoadError: a file cannot be read, or is no text.
    """
    secrets = {}
    for name in SECRETS:
        path = environ.get(f"{name}_FILE", "")
        if not path or environ.get(name):
            continue
        try:
            secret = _decoded(Path(path).read_bytes()).rstrip("\r\n")
        except OSError as error:
            raise LoadError(f"{name}_FILE is {path!r}: {error.strerror}; set it to the file that holds {name}") from None
        if "\0" in secret:
            raise LoadError(f"{name}_FILE is {path!r}: it holds no text; set it to the file that holds {name}")
        if secret:
            secrets[name] = secret
    return {**environ, **secrets}


def _decoded(content: bytes) -> str:
    """Read a file's bytes as UTF-8, or as the Windows-1252 of an older editor."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def main(argv: list[str]) -> int:
    """Replace this process by `argv`, with the `.env` file of the current folder and the secrets in files of their own.

    Returns:
        1 where a secret cannot be read, which is said in one line; 127 where there is no such command.
    """
    try:
        environ = with_secrets(with_dotenv(os.environ, Path(".env")))
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        os.execvpe(argv[0], argv, environ)
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
    return 127


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
