"""The one kind of error a person is meant to read."""


class LoadError(Exception):
    """Something outside this code is wrong; the message is one line that names it and says what to do."""


def one_line(error: BaseException) -> str:
    """Fold an exception into one line.

    Args:
        error: any exception, also one whose text has several lines (PostgreSQL's do) or none.

    Returns:
        Its text on one line, or the name of its class where it has no text.
    """
    return " ".join(str(error).replace("\0", "").split()) or type(error).__name__
