"""How this process keeps memory: what the analysis frees, the next piece takes again."""

import numpy as np


def keep_freed_memory() -> None:
    """Have freed memory kept for the next piece instead of given back to the system.

    Call it once in a process that analyses.

    Notes
    -----
    glibc hands back what is freed beyond a threshold, and raises that to twice the largest block
    ever freed, up to 32 MiB. Without this the pages of every piece are fetched anew, which takes
    as long as all the arithmetic. The block itself is never touched, so it costs no memory.
    """
    np.empty(31 * 2**20, np.uint8)
