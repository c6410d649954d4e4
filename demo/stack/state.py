"""What a stack remembers between two starts."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from demo.stack.errors import StackError

# Characters that break a shell, a URL, a .env file, make or YAML if they are not quoted properly.
_AWKWARD = " '\"$#%@:/\\&?=+!~`{}"


@dataclass
class State:
    """The content of ``<home>/stack.json``."""

    passwords: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    ftp_server: str = ""

    @classmethod
    def new(cls) -> State:
        """Return the state of a new stack, with new passwords."""
        awkward = ("postgres", "loader", "transformer", "erp_admin", "erp_lecture")
        passwords = {name: secrets.token_hex(8) + _AWKWARD for name in awkward}
        return cls(passwords={**passwords, "ftp": secrets.token_hex(8)})

    @classmethod
    def load(cls, file: Path) -> State | None:
        """Read the file; return None if it does not exist.

        Raises:
            StackError: the file is damaged.
        """
        try:
            known = cls(**json.loads(file.read_text()))
            return replace(known, passwords=cls.new().passwords | known.passwords)  # an older stack has fewer
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise StackError(f"{file} is damaged: remove {file.parent}") from None

    def save(self, file: Path) -> None:
        """Replace the file in one step; only its owner can read it."""
        new = file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(asdict(self), out, indent=1)
        new.replace(file)
