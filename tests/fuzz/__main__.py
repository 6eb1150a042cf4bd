"""Fuzzes one reader of bytes by coverage: ``python -m tests.fuzz packet --seconds 60``.

Needs atheris (``pip install --group fuzz``), which is not installed with the rest: it exists for
Linux and few versions of Python. What it finds is written to ``tests/fuzz/corpus/TARGET`` and is
a test from then on; its own corpus grows in ``.fuzz/TARGET``.
"""

import argparse
import importlib
import sys
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
GROWING = Path(".fuzz")
INSTRUMENTED = [
    "analysis",
    "config",
    "ingest",
    "simulators",
    "h11",
    "cbor2",
    "tomllib",
    "starlette",
]


def main() -> None:
    """Fuzz until the time is over or a fault is found; exit code 0 means none was."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help="one of those in tests/fuzz/targets.py, or 'list'")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--longest", type=int, default=4096, help="bytes of one input")
    wanted = parser.parse_args()
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is not installed: pip install --group fuzz")
    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # while imports are watched
    from tests.fuzz.seeds import seeds  # noqa: PLC0415  # after the above, or it would not be

    if wanted.target not in TARGETS:
        sys.exit(f"{wanted.target}: expected one of {', '.join(TARGETS)}")
    found, growing = CORPUS / wanted.target, GROWING / wanted.target
    found.mkdir(parents=True, exist_ok=True)
    growing.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(wanted.target)):
        (growing / f"seed-{number}").write_bytes(seed[: wanted.longest])
    options = {
        "max_total_time": wanted.seconds,
        "max_len": wanted.longest,
        "timeout": 10,
        "rss_limit_mb": 2048,
        "artifact_prefix": f"{found}/",
    }
    words = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([sys.argv[0], *words, str(growing)], TARGETS[wanted.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
