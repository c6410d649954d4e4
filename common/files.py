"""Files that are written in one step, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def replace(file: Path, text: str) -> None:
    """Write a file in one step, or not at all. Everybody may read it.

    Raises:
        OSError: it cannot be written; an existing file is as it was.
    """
    with replacing(file, text):
        pass


@contextmanager
def replacing(file: Path, text: str) -> Iterator[None]:
    """Write a text to the disk, and let it replace a file when the block has ended; if the block fails, the file stays.

    Raises:
        OSError: it cannot be written. Then the block is not run.
    """
    # In the same folder, so that replacing the file is one step.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)
        yield
        draft.replace(file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
