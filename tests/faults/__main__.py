"""The whole fault matrix by one command: ``python -m tests.faults --runs 200 --write FILE``."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.done import Done
from tests.faults.harness.faults import FAULTS
from tests.faults.matrix import page, table
from tests.faults.runs import Laboratory

CRASHES = ("daemon killed at random moments", "daemon stopped between two statements")


def main() -> int:
    """Run what was asked for, print the table, and return 1 if any verdict is bad."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="crash runs, half of each kind")
    parser.add_argument("--others", type=int, default=10, help="runs of each other fault")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--fault", action="append", choices=list(FAULTS), help="only these")
    parser.add_argument("--done", type=Path, help="file of runs that are done, to go on from")
    parser.add_argument("--write", type=Path, help="page whose tables to renew")
    wanted = parser.parse_args()
    done = Done(wanted.done)
    folder = tempfile.mkdtemp(prefix="faults-")
    with Laboratory(Path(folder)) as laboratory:
        for fault in wanted.fault or FAULTS:
            n_runs = (wanted.runs + 1) // 2 if fault in CRASHES else wanted.others
            for seed in range(wanted.seed, wanted.seed + n_runs):
                if done.has(fault, seed):
                    continue
                run = laboratory.run(fault, seed)
                done.add(run)
                if not run.verdict.is_good:
                    print(f"{fault}, seed {seed}: {run.verdict}; see {run.folder}", flush=True)
            print(f"{fault}: {n_runs} runs", file=sys.stderr, flush=True)
    runs = done.runs
    print(table(runs))
    if wanted.write is not None:
        n_runs = f"--runs {wanted.runs} --others {wanted.others}"
        command = f"python -m tests.faults {n_runs} --seed {wanted.seed}"
        before = wanted.write.read_text(encoding="utf-8")
        wanted.write.write_text(page(before, runs, command), encoding="utf-8")
    return int(not all(run.verdict.is_good for run in runs))


if __name__ == "__main__":
    sys.exit(main())
