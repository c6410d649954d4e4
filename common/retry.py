"""Patience with what may pass by itself: the same again, after pauses that grow."""

from collections.abc import Callable

import tenacity

from common.errors import causes

ATTEMPTS = 4
# A time-out is a long wait already. Whoever has been silent through so many of them will be through the next one too.
TIMEOUTS = 2


def retrying(may_pass: Callable[[BaseException], bool], attempts: int = ATTEMPTS) -> tenacity.Retrying:
    """Make what tenacity is asked for: attempts to loop over, each a context manager for one try.

    Args:
        may_pass: tells of an exception whether trying again is of use. Any other one ends the attempts.
        attempts: how many there are at most.

    Returns:
        The attempts: half a second apart, then one, then two. The last one's exception is raised.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(may_pass),
        stop=lambda state: state.attempt_number >= attempts or _too_silent(state),
        wait=tenacity.wait_exponential(multiplier=0.5, max=10),
        reraise=True,
    )


def _too_silent(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return state.attempt_number >= TIMEOUTS and any(isinstance(cause, TimeoutError) for cause in causes(error))
