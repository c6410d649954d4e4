"""Run a command with the variables of a `.env` file: `python -m common.dotenv COMMAND [ARG ...]`.

Values are taken literally, so that a password may contain any character: nothing is expanded, and a `#` inside a value is part of
it. Neither make's `include` nor the usual libraries do that. A variable of the environment wins over the file.

A secret may be in a file of its own, which is how containers and systemd pass secrets: `FTP_PASS_FILE` names the file that holds
`FTP_PASS`.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from common.errors import LoadError

# What may be in a file of its own.
SECRETS = (
    "FTP_PASS",
    "MYSQL_PASSWORD",
    "POSTGRES_PASSWORD",
    "DBT_POSTGRES_PASSWORD",
    "REPORT_POSTGRES_PASSWORD",
    "ALERTS_POSTGRES_PASSWORD",
    "BACKUP_POSTGRES_PASSWORD",
    "POSTGRES_ADMIN_PASSWORD",
    "ALERT_WEBHOOK_URL",
    "HEARTBEAT_URL",
    "SMTP_PASSWORD",
)
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*(.*?)\s*\Z", re.DOTALL)
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<value>.*)(?P=quote)(?:\s+#.*)?\Z", re.DOTALL)


def parse(text: str) -> dict[str, str]:
    r"""Read the text of a `.env` file.

    Args:
        text: lines of the form `NAME=value`. Blank lines and lines that begin with `#` are ignored. A value in single quotes is
            what is between them; in double quotes, `\"` and `\\` are a quote and a backslash.

    Returns:
        The variables, in the file's order; if a name occurs twice, the last line wins.
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
        environ: the environment, whose values win, even if they are empty.
        path: the file; it may be missing.

    Returns:
        A new environment.
    """
    file_variables = parse(_decoded(path.read_bytes())) if path.is_file() else {}
    return {**file_variables, **environ}


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Add the secrets that are in files of their own to an environment.

    Args:
        environ: the environment. `NAME_FILE` is the file with the secret `NAME`, and is read if `NAME` is not set or empty. Line
            ends at the end of the file are not part of the secret; an empty file sets nothing.

    Returns:
        A new environment.

    Raises:
        LoadError: a file cannot be read, or is not text.
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
            raise LoadError(f"{name}_FILE is {path!r}: this is not a text file; set it to the file that holds {name}")
        if secret:
            secrets[name] = secret
    return {**environ, **secrets}


def _decoded(content: bytes) -> str:
    """Read a file's bytes as UTF-8, or as the Windows-1252 of an older editor."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def vars_option(environ: Mapping[str, str]) -> list[str]:
    """Return dbt's option `--vars` with the variables in `VARS`, or else in the file that `VARS_FILE` names; no words without any.

    Raises:
        LoadError: the file cannot be read, or they are no variables. The message does not show them.
    """
    name, text, path = "VARS", environ.get("VARS", ""), environ.get("VARS_FILE", "")
    if path and not text.strip():
        name = f"VARS_FILE is {path!r}, which"
        try:
            text = Path(path).read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise LoadError(f"VARS_FILE is {path!r}: set it to a file that can be read, in UTF-8") from None
    if not text.strip():
        return []
    # Only here: it is slow to import.
    import yaml

    try:
        variables = yaml.safe_load(text)
    except yaml.YAMLError:
        variables = text
    if variables is not None and not isinstance(variables, dict):
        raise LoadError(f"{name} has no variables in the form of YAML: give each a line such as `alertes_silence_heures: 4`")
    return [] if variables is None else ["--vars", text.strip()]


def main(argv: list[str]) -> int:
    """Replace this process by the command `argv`, with the variables of `.env` in the current folder and the secrets in files.

    With `--vars` before the command, it gets dbt's variables as its last words. A schedule runs for months: each command reads the
    file with them anew.

    Returns:
        1 if a secret or the variables cannot be read; 127 if there is no such command. If it succeeds, it does not return.
    """
    try:
        environ = with_secrets(with_dotenv(os.environ, Path(".env")))
        command = [*argv[1:], *vars_option(environ)] if argv[0] == "--vars" else argv
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        os.execvpe(command[0], command, environ)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
    return 127


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
