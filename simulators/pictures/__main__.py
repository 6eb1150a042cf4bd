"""Draws all pictures into a folder: `python -m simulators.pictures docs/pictures`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from simulators.pictures.figures import days, events, gaits
from simulators.pictures.ranges import ranges
from simulators.pictures.table import table


def draw(folder: Path, recordings: Path | None) -> list[Path]:
    """Write the pictures and the figures behind them, and return where they are.

    Parameters
    ----------
    folder
        Made if it is missing.
    recordings
        Folder of the recorded signals, of which statistics are shown; None to leave them out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "gaits.svg": gaits(recordings),
        "ranges.svg": ranges(recordings),
        "days.svg": days(),
        "events.svg": events(),
        "gaits.csv": table(recordings),
    }
    written = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulators.pictures", description=draw.__doc__)
    parser.add_argument("folder", type=Path, help="where to write the pictures")
    parser.add_argument(
        "--recordings",
        type=Path,
        default=Path("../shared/data"),
        help="folder of recorded signals; left out if it is not there",
    )
    chosen = parser.parse_args(arguments)
    draw(chosen.folder, chosen.recordings if chosen.recordings.is_dir() else None)


if __name__ == "__main__":
    main()
