"""The fault matrix as a table, and its place in docs/reliability.md."""

from collections.abc import Sequence
from pathlib import Path

from tests.faults.runs import Run

_HEAD = (
    "| fault | runs | times injected | packets | alerts expected | delivered | repeated | lost |"
    " told again | results that differ |"
)
_BEGIN, _END = "<!-- {name}: begin -->", "<!-- {name}: end -->"


def table(runs: Sequence[Run]) -> str:
    """Return a row for each fault, in the order in which they were run first."""
    names = list(dict.fromkeys(run.fault for run in runs))
    rows = [_row(name, [run for run in runs if run.fault == name]) for name in names]
    return "\n".join([_HEAD, "|---" + "|--:" * (_HEAD.count("|") - 2) + "|", *rows])


def _row(name: str, runs: Sequence[Run]) -> str:
    verdicts = [run.verdict for run in runs]
    counts = [
        len(runs),
        sum(run.injected for run in runs),
        sum(each.packets for each in verdicts),
        sum(each.expected for each in verdicts),
        sum(each.delivered for each in verdicts),
        sum(each.repeated for each in verdicts),
        sum(each.lost for each in verdicts),
        sum(each.told_again for each in verdicts),
        sum(len(each.differences) for each in verdicts),
    ]
    return f"| {name} | " + " | ".join(f"{count:,}" for count in counts) + " |"


def put(path: Path, name: str, text: str) -> None:
    """Replace what a document holds between the marks of a name; the rest of it stays."""
    begin, end = _BEGIN.format(name=name), _END.format(name=name)
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
