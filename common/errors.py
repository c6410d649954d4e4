"""The errors that a person is meant to read, and two kinds of them that a load acts upon."""

from collections.abc import Iterator


class LoadError(Exception):
    """Something outside this code is wrong; the message is one line that names it and says what to do.

    `is_remedied` tells that what it says to do fits this very cause, and leaves nothing to add.
    """

    is_remedied = False


class ConnectionLostError(LoadError):
    """A connection could not be made, or broke: the same again may succeed."""


class UnreachableError(LoadError):
    """A server was tried several times in vain, or lets nobody in: a run need ask it for nothing else."""


def one_line(error: BaseException) -> str:
    """Fold an exception into one line.

    Args:
        error: any exception, also one whose text has several lines (PostgreSQL's do) or none.

    Returns:
        Its text on one line, or the name of its class where it has no text.
    """
    return " ".join(str(error).replace("\0", "").split()) or type(error).__name__


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, then what it was raised from, and so on: each once, for libraries tie such chains into rings."""
    seen: list[BaseException] = []
    while error is not None and all(error is not other for other in seen):
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__
