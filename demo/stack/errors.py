"""The stack's one kind of error."""


class StackError(Exception):
    """The stack cannot do something; the message is one line that says what to do."""
