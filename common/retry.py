"""Retries with exponential back-off, for errors that may be temporary."""

from collections.abc import Callable

import tenacity

from common.errors import causes

ATTEMPTS = 4
# A time-out is a long wait already: after so many, a server is given up.
TIMEOUTS = 2


def retrying(is_temporary: Callable[[BaseException], bool], attempts: int = ATTEMPTS) -> tenacity.Retrying:
    """Return attempts to loop over, each a context manager for one try.

    Args:
        is_temporary: whether an exception is worth a retry. Any other one ends the attempts.
        attempts: the most that are made.

    Returns:
        The attempts, with pauses of half a second, one, two and so on. The exception of the last one is raised.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_temporary),
        stop=lambda state: state.attempt_number >= attempts or _too_silent(state),
        wait=tenacity.wait_exponential(multiplier=0.5, max=10),
        reraise=True,
    )


def _too_silent(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return state.attempt_number >= TIMEOUTS and any(isinstance(cause, TimeoutError) for cause in causes(error))
