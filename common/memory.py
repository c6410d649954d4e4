"""The peak memory of a process."""

import resource
import sys

# The unit of `ru_maxrss`.
_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_memory_bytes(usage: resource.struct_rusage) -> int:
    """Return the peak resident memory of a process, in bytes.

    Args:
        usage: the resource usage of the process.
    """
    return usage.ru_maxrss * _UNIT
