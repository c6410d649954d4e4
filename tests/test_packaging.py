"""What a fresh clone needs: the lock, the Makefile, `.env.example`."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from common.dotenv import SECRETS

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()
PIN = r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+).*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)*)$"
PINS = re.findall(PIN, LOCK, re.MULTILINE)
ADDRESSES = r"^-.*|.*(?:://|file:| @ |--(?:extra-)?index|--find-links).*"


def make(*arguments: str, **environ: str) -> str:
    """Run make without the installation, and without the variables of a make that runs this test."""
    handed_down = ("ARGS", "VARS", "FILES", "BEFORE", "JOB")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name not in handed_down}
    command = ["make", "--old-file=.venv/.ready", "--old-file=profiles.yml", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env={**inherited, **environ}, text=True)


def test_every_locked_package_has_hashes() -> None:
    assert len(PINS) == len(re.findall(r"^\w", LOCK, re.MULTILINE)) > 50
    assert [name for name, _, hashes in PINS if not hashes] == []


def test_the_lock_names_no_address_and_no_place() -> None:
    assert re.findall(ADDRESSES, LOCK, re.MULTILINE) == []


def test_the_lock_fits_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = map(Requirement, [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]])
    locked = {canonicalize_name(name): version for name, version, _ in PINS}
    for requirement in wanted:
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_no_file_names_a_folder_of_this_machine() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("only git knows which files are the project's")
    folders = [re.escape(str(folder)) for folder in (ROOT, Path.home()) if folder != Path("/")]
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(folders)})/")
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]  # whoever has cloned it
    names = subprocess.check_output(git, cwd=ROOT, text=True).split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert files
    assert [str(file) for file in files if pattern.search(file.read_text(errors="replace"))] == []


def test_help_lists_every_command_in_three_groups() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    shown = make("help")
    assert ["help", *re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE)] == phony.split()
    assert re.findall(r"^(\w+)$", shown, re.MULTILINE) == ["Use", "Operate", "Develop"]
    assert re.findall(r"^([a-z-]+):", makefile, re.MULTILINE) == phony.split()


@pytest.mark.parametrize("value", ['{"debut_journee": "05:00"}', "{'a': \"$HOME $$ `b` \\ #\"}", ""])
def test_vars_reach_dbt_untouched(tmp_path: Path, value: str) -> None:
    run = f"RUN=PYTHONPATH='{ROOT}' '{sys.executable}' -m common.dotenv"
    build = ["build", "--makefile", str(ROOT / "Makefile"), "--directory", str(tmp_path), run, "LOCKED=", "DBT=printf '%s\\n'"]
    printed = make(*build, f"VARS={value}", "ARGS=--select 'a b'")
    assert printed.splitlines()[1:-1] == ["build", "--select", "a b", *(["--vars", value] if value else [])]


def test_vars_of_dotenv_reach_dbt_unless_the_environment_has_its_own(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VARS={alertes_silence_heures: 3}\n")
    run = f"RUN=PYTHONPATH='{ROOT}' '{sys.executable}' -m common.dotenv"
    build = ["build", "--makefile", str(ROOT / "Makefile"), "--directory", str(tmp_path), run, "LOCKED=", "DBT=printf '%s\\n'"]
    assert make(*build).splitlines()[1:-1] == ["build", "--vars", "{alertes_silence_heures: 3}"]
    assert make(*build, VARS="{}").splitlines()[1:-1] == ["build", "--vars", "{}"]


def test_vars_may_be_in_a_file_that_is_read_anew(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_text("VARS_FILE=seeds/variables.yml\n")
    run = f"RUN=PYTHONPATH='{ROOT}' '{sys.executable}' -m common.dotenv"
    build = ["build", "--makefile", str(ROOT / "Makefile"), "--directory", str(tmp_path), run, "LOCKED=", "DBT=printf '%s\\n'"]
    with pytest.raises(subprocess.CalledProcessError):
        make(*build)
    unread = "VARS_FILE is 'seeds/variables.yml': set it to a file that can be read, in UTF-8"
    assert capfd.readouterr().err.splitlines()[0] == unread
    (tmp_path / "seeds").mkdir()
    none = "VARS_FILE is 'seeds/variables.yml', which has no variables in the form of YAML: give each a line such as"
    for wrong, said in (("secret", none), ("a: b: secret", none), ("\udcff\udcfe", unread)):
        (tmp_path / "seeds" / "variables.yml").write_text(wrong, errors="surrogateescape")
        with pytest.raises(subprocess.CalledProcessError):
            make(*build)
        line, of_make = capfd.readouterr().err.splitlines()
        assert line.startswith(said)
        assert of_make.startswith("make: ***")
        assert "secret" not in line
    (tmp_path / "seeds" / "variables.yml").write_text("# all of them are switched off\n")
    assert make(*build).splitlines()[1:-1] == ["build"]
    for hours in (4, 5):
        (tmp_path / "seeds" / "variables.yml").write_text(f"# hours\nalertes_silence_heures: {hours}\n")
        assert make(*build).splitlines()[1:-1] == ["build", "--vars", "# hours", f"alertes_silence_heures: {hours}"]
    assert make(*build, VARS="{}").splitlines()[1:-1] == ["build", "--vars", "{}"]


@pytest.mark.parametrize("value", ["DEM12 (PVC)/202505*", 'it\'s "X [1]" $HOME $$/`b`\\*', ""])
def test_files_reach_the_loader_untouched(value: str) -> None:
    assert make("reload", "RUN=printf '%s\\n' \"$$FILES\" #", f"FILES={value}") == f"{value}\n"


def test_a_backup_and_a_database_reach_the_restore_untouched() -> None:
    names = ["BACKUP=a 'b' $HOME.dump", 'DATABASE=usine "$$x`y`"']
    assert make("restore", 'RUN=printf \'%s\\n\' "$$BACKUP" "$$DATABASE" #', *names) == "a 'b' $HOME.dump\nusine \"$$x`y`\"\n"


def test_the_environment_reaches_the_commands_untouched() -> None:
    password = " '\"$HOME$$#%@:/\\&?=+!~`{}$(shell false)"
    assert make("load", "RUN=printenv FTP_PASS #", FTP_PASS=password) == f"{password}\n"


def test_a_failure_is_makes_failure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        make("load", "RUN=exit 3 #")


def test_the_example_of_env_sets_every_variable_that_is_read() -> None:
    code = "".join(
        path.read_text()
        for folder in ("common", "hub", "loaders", "operation", "publication")
        for path in (ROOT / folder).glob("*.py")
    )
    read = {*re.findall(r'(?:environ(?:\.get\(|, )|reader\.\w+\()"([A-Z_]+)"', code), *re.findall(r'"(SCHEDULE_[A-Z_]+)"', code)}
    read |= {f"{server}{name}" for server in ("FTP", "MYSQL") for name in re.findall(r'f"{source}(_TLS\w*)"', code)}
    read |= {*re.findall(r"env_var\('([A-Z_]+)'", (ROOT / "profiles.yml.example").read_text())}
    read |= {f"{name}_{part}" for name in re.findall(r'"([A-Z]+_POSTGRES)"', code) for part in ("USER", "PASSWORD")}
    read |= {f"{name}_FILE" for name in SECRETS}
    read |= {*re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())}
    shown = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(read)


def test_an_upgrade_renews_profiles_yml_unless_somebody_has_made_it_his_own(tmp_path: Path) -> None:
    def renewed(content: str | None) -> str:
        for name in ("Makefile", "profiles.yml.example"):
            shutil.copy(ROOT / name, tmp_path)
        profile = tmp_path / "profiles.yml"
        profile.unlink(missing_ok=True)
        if content is not None:
            profile.write_text(content)
            os.utime(profile, (0, 0))
        subprocess.run(["make", "profiles.yml"], cwd=tmp_path, check=True, capture_output=True)
        return profile.read_text()

    example = (ROOT / "profiles.yml.example").read_text()
    earlier = "# Copied to profiles.yml by `make setup`. It names no secret.\nusine: {}\n"
    assert renewed(None) == renewed(example) == renewed(earlier) == example
    assert (tmp_path / "profiles.yml~").read_text() == earlier
    assert renewed("usine: {}\n") == "usine: {}\n"
