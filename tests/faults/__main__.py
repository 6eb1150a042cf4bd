"""The fault matrix: ``python -m tests.faults --runs 200 --write docs/reliability.md``."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.faults import FAULTS
from tests.faults.report import put, table
from tests.faults.runs import Laboratory, Run

CRASHES = ("daemon killed at random moments", "daemon stopped between two statements")
"""The faults that `--runs` counts; half of the runs each."""


def main() -> int:
    """Run the matrix and print it; return 1 if anything was lost, repeated or different."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="crash runs (200)")
    parser.add_argument("--others", type=int, default=3, help="runs of every other fault (3)")
    parser.add_argument("--seed", type=int, default=0, help="first seed (0)")
    parser.add_argument("--write", type=Path, help="document that gets the table")
    wanted = parser.parse_args()
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for run in matrix(Path(folder), wanted):
            runs.append(run)
            print(run.fault, run.seed, run.injected, run.verdict, flush=True)
            # After every run, so that one that is ended early has said what it saw.
            if wanted.write is not None:
                put(wanted.write, "fault matrix", _text(runs, wanted.seed))
    print(_text(runs, wanted.seed))
    return int(not all(run.verdict.is_good for run in runs))


def matrix(folder: Path, wanted: argparse.Namespace) -> Iterator[Run]:
    """Yield all runs that are wanted: crashes first, which are most of them."""
    with Laboratory(folder) as laboratory:
        for seed in range(wanted.seed, wanted.seed + wanted.runs // len(CRASHES)):
            yield from (laboratory.run(fault, seed) for fault in CRASHES)
        for fault in (each for each in FAULTS if each not in CRASHES):
            for seed in range(wanted.seed, wanted.seed + wanted.others):
                yield laboratory.run(fault, seed)


def _text(runs: Sequence[Run], seed: int) -> str:
    return f"{table(runs)}\n\nMeasured with {os.cpu_count()} cores; the first seed was {seed}."


if __name__ == "__main__":
    sys.exit(main())
