"""How much memory a process has taken at most."""

import resource
import sys

# The unit in which the kernel tells it.
_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_memory_bytes(usage: resource.struct_rusage) -> int:
    """Return the largest part of a process that was in memory at once, in bytes.

    Args:
        usage: what the kernel says of the process.
    """
    return usage.ru_maxrss * _UNIT
