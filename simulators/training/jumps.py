"""Training of the model that tells jumps.

``python -m simulators.training.jumps --recordings ../shared/data`` writes
`analysis/features/jump/weights.json` anew: a quarter of an hour, the same numbers every time on one
machine.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import fields
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.features.jump.features import NAMES
from analysis.features.jump.model import FILE, Weights
from analysis.model import FloatArray
from simulators.training.moments import Labelled, real, simulated
from simulators.training.network import fitted

TRAINING_SEED = 10_000
TRAINING_SIZES_M = (0.20, 0.24, 0.28, 0.33, 0.38, 0.44, 0.50, 0.55, 0.60, 0.70, 0.80)
N_JUMPS, N_OTHERS = 110, 60
N_BENDS, N_NETWORKS = 16, 5
_ANSWERS = {"jump_over": 1, "jump_off": 1, "jump_onto": 2}
_LIGHT, _PUSH, _LANDING = (NAMES.index(name) for name in ("light_g", "ln_push", "ln_landing"))


def examples(streams: Sequence[Labelled]) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return features and answers: one moment of each jump, and all that belong to none.

    What else lies near a jump is left out: it is neither a jump nor free of one.
    """
    tables, answers = [], []
    for stream in streams:
        use = stream.jumps < 0
        likeness = stream.table[:, _PUSH] + stream.table[:, _LANDING] - 2 * stream.table[:, _LIGHT]
        for jump in np.unique(stream.jumps[~use]):
            mine = np.flatnonzero(stream.jumps == jump)
            use[mine[np.argmax(likeness[mine])]] = True
        tables.append(stream.table[use])
        answers += [_ANSWERS.get(str(kind), 0) for kind in stream.kinds[use]]
    return np.concatenate(tables), np.array(answers, dtype=np.intp)


def training_streams(recordings: Path | None) -> list[Labelled]:
    """Return what the model learns from."""
    streams = simulated(TRAINING_SEED, TRAINING_SIZES_M, N_JUMPS, N_OTHERS)
    return streams + list(real(recordings)) if recordings else streams


def text_of(learned: Weights) -> str:
    """Return the file that holds the weights: JSON, one row of numbers a line."""
    parts = (f'  "{each.name}": {_rows(getattr(learned, each.name))}' for each in fields(learned))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rows(values: FloatArray, indent: int = 2) -> str:
    """Return numbers, or rows of them, as JSON has them."""
    if np.ndim(values) == 1:
        return json.dumps(values.tolist())
    rows = ",\n".join(f"{' ' * (indent + 2)}{_rows(each, indent + 2)}" for each in values)
    return f"[\n{rows}\n{' ' * indent}]"


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path, help="folder of recordings of real dogs")
    chosen = parser.parse_args()
    table, answers = examples(training_streams(chosen.recordings))
    learned = fitted(table, answers, N_BENDS, N_NETWORKS)
    target = resources.files("analysis.features.jump").joinpath(FILE)
    Path(str(target)).write_text(text_of(learned), encoding="utf-8")


if __name__ == "__main__":
    main()
