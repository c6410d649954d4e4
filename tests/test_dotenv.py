"""The `.env` launcher: a password may hold any character, and the environment wins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.dotenv import parse, with_dotenv, with_secrets
from common.errors import LoadError

ROOT = Path(__file__).parent.parent
# Breaks any code that expands, quotes or splits values.
AWKWARD = "a '\"$HOME$$#%@:/\\&?=+!~`{}(é)"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=plain", "plain"),
        ("X=", ""),
        ("  X = plain  ", "plain"),
        ("export X=plain", "plain"),
        ("X=plain\r", "plain"),
        ("X=two words", "two words"),
        ("X=a=b==", "a=b=="),
        ("X=#a#b", "#a#b"),
        ("X=a #b", "a #b"),
        ("X=$a$$b${c}$(d)`e`", "$a$$b${c}$(d)`e`"),
        (r"X=a\b\\c\n", r"a\b\\c\n"),
        ("X=a'b\"c", "a'b\"c"),
        ("X='a", "'a"),
        ("X='a\"", "'a\""),
        ("X='  a  '", "  a  "),
        ("X='a' # said of it", "a"),
        (r"X='a\'b'", r"a\'b"),
        ("X=''", ""),
        ('X="  a  "\r', "  a  "),
        (r'X="a\"b\\c\d"', r'a"b\c\d'),
        ('X="$a #b"', "$a #b"),
        (f"X={AWKWARD}", AWKWARD),
        (f"X='{AWKWARD}'", AWKWARD),
    ],
)
def test_a_value_is_taken_as_it_stands(line: str, value: str) -> None:
    assert parse(line) == {"X": value}


@pytest.mark.parametrize("line", ["", "  ", "# X=1", "  #X=1", "X", "=1", "1X=1", "X-Y=1", "unset X"])
def test_other_lines_say_nothing(line: str) -> None:
    assert parse(f"A=1\n{line}\nB=2\n") == {"A": "1", "B": "2"}


def test_the_last_line_wins() -> None:
    assert parse("A=1\r\nB=2\r\nA=3\r\n") == {"A": "3", "B": "2"}


def test_the_environment_wins_even_when_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")
    assert with_dotenv({"A": "", "B": "mine", "D": "mine"}, tmp_path / ".env") == {"A": "", "B": "mine", "C": "file", "D": "mine"}


def test_without_a_file_the_environment_is_what_it_was(tmp_path: Path) -> None:
    assert with_dotenv({"A": "1"}, tmp_path / ".env") == {"A": "1"}


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=é\n", encoding="utf-8-sig")
    assert with_dotenv({}, tmp_path / ".env") == {"A": "é"}


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path, end: str) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes((AWKWARD + end).encode())
    environ = {"FTP_PASS_FILE": str(secret), "A": "1"}
    assert with_secrets(environ) == {**environ, "FTP_PASS": AWKWARD}


def test_a_secret_that_is_set_needs_no_file(tmp_path: Path) -> None:
    environ = {"FTP_PASS": "mine", "FTP_PASS_FILE": str(tmp_path / "none")}
    assert with_secrets(environ) == environ


def test_an_empty_file_is_no_secret() -> None:
    environ = {"FTP_PASS": "", "FTP_PASS_FILE": "/dev/null", "ALERT_WEBHOOK_URL_FILE": ""}
    assert with_secrets(environ) == environ


def test_a_variable_that_is_no_secret_names_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    environ = {"SSL_CERT_FILE": str(tmp_path / "file")}
    assert with_secrets(environ) == environ


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"^FTP_PASS_FILE is '.*/none': No such file or directory; set it to the file that holds "):
        with_secrets({"FTP_PASS_FILE": str(tmp_path / "none")})
    (tmp_path / "binary").write_bytes(b"a\0b")
    with pytest.raises(LoadError, match="this is not a text file"):
        with_secrets({"FTP_PASS_FILE": str(tmp_path / "binary")})


def launch(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "common.dotenv", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_gets_the_variables_and_its_arguments_untouched(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SECRET_OF_A_TEST={AWKWARD}\nNAME_OF_A_TEST=file\n")
    code = "import os, sys; print(os.environ['SECRET_OF_A_TEST'], os.environ['NAME_OF_A_TEST'], *sys.argv[1:], sep='\\n')"
    done = launch(tmp_path, sys.executable, "-c", code, AWKWARD, "", NAME_OF_A_TEST="mine")
    assert done.stdout == f"{AWKWARD}\nmine\n{AWKWARD}\n\n"


def test_a_command_gets_the_secrets_whose_files_env_names(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(AWKWARD)
    (tmp_path / ".env").write_text("FTP_PASS=\nFTP_PASS_FILE=secret\n")
    code = [sys.executable, "-c", "import os; print(os.environ['FTP_PASS'])"]
    assert launch(tmp_path, *code, FTP_PASS="").stdout == f"{AWKWARD}\n"
    (tmp_path / "secret").unlink()
    done = launch(tmp_path, *code, FTP_PASS="")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_exit_code_is_the_commands(tmp_path: Path, code: int) -> None:
    assert launch(tmp_path, sys.executable, "-c", f"raise SystemExit({code})").returncode == code


def test_a_missing_command_is_told_in_one_line(tmp_path: Path) -> None:
    done = launch(tmp_path, "no-such-command")
    assert (done.returncode, done.stderr) == (127, "no-such-command: No such file or directory\n")
