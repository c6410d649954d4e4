"""Errors with a message for people; two kinds of them are handled by the loads."""

from collections.abc import Iterator


class LoadError(Exception):
    """Something outside this code is wrong. The message is one line that names it and says what to do.

    If `is_remedied`, the message has the remedy for this very cause, and no general one is added.
    """

    is_remedied = False


class ConnectionLostError(LoadError):
    """A connection could not be made, or broke: a retry may succeed."""


class UnreachableError(LoadError):
    """A server could not be reached in several attempts, or refuses the login: the run gives up on it."""


def one_line(error: BaseException) -> str:
    """Return the text of an exception on one line.

    Args:
        error: any exception; its text may have several lines (as PostgreSQL's do) or none.

    Returns:
        Its text on one line, or the name of its class if it has no text.
    """
    return " ".join(str(error).replace("\0", "").split()) or type(error).__name__


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, its cause, the cause of that, and so on, each once: some libraries make such chains circular."""
    seen: list[BaseException] = []
    while error is not None and all(error is not other for other in seen):
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__
