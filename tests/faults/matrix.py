"""The matrix of all runs as a table, and as the page in the docs."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults.harness.faults import FAULTS
from tests.faults.runs import Run

_HEAD = (
    "| fault | runs | times injected | amid the packets | packets | of them lost by the broker"
    " | alerts expected | delivered | repeated | lost | told again | different |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)
BEGIN, END = "<!-- written by python -m tests.faults -->\n", "<!-- end -->\n"


def table(runs: Sequence[Run]) -> str:
    """Return one line for each fault, with sums over its runs."""
    lines = [_line(name, [run for run in runs if run.fault == name]) for name in FAULTS]
    return _HEAD + "".join(lines)


def _line(name: str, runs: Sequence[Run]) -> str:
    if not runs:
        return ""
    verdicts = [run.verdict for run in runs]
    numbers = (
        len(runs),
        sum(run.injected for run in runs),
        sum(run.n_amid for run in runs),
        sum(each.packets for each in verdicts),
        sum(each.packets - each.kept for each in verdicts),
        sum(each.expected for each in verdicts),
        sum(each.delivered for each in verdicts),
        sum(each.repeated for each in verdicts),
        sum(each.lost for each in verdicts),
        sum(each.told_again for each in verdicts),
        sum(bool(each.differences) for each in verdicts),
    )
    return f"| {name} | " + " | ".join(f"{number:,}" for number in numbers) + " |\n"


def places(runs: Iterable[Run]) -> str:
    """Return before which statements a daemon was ended, and how often."""
    words = Counter(_kind(statement) for run in runs for statement in run.stopped)
    lines = [f"| `{name}` | {count} |\n" for name, count in words.most_common()]
    return "| about to run | times ended there |\n|---|---|\n" + "".join(lines)


def page(before: str, runs: Sequence[Run], command: str) -> str:
    """Return the page with its tables renewed; what is written by hand stays."""
    head, rest = before.split(BEGIN)
    _, tail = rest.split(END)
    written = (
        f"{BEGIN}\n`{command}` wrote this.\n\n{table(runs)}\n"
        f"Where the daemon was stopped between two statements:\n\n{places(runs)}\n{END}"
    )
    return head + written + tail


def _kind(statement: str) -> str:
    """Return a statement without its values: the verb and the table.

    Examples
    --------
    >>> _kind("INSERT OR IGNORE INTO outbox (kind, key) VALUES ('a', 'b')")
    'INSERT INTO outbox'
    >>> _kind("SELECT position FROM followers WHERE name = 'mqtt'")
    'SELECT FROM followers'
    >>> _kind("COMMIT")
    'COMMIT'
    """
    words = statement.replace("(", " (").split()
    for before in ("INTO", "FROM", "TABLE"):
        if before in words[:-1]:
            return f"{words[0]} {before} {words[words.index(before) + 1]}"
    return " ".join(words[:2]) if words[0] in {"PRAGMA", "UPDATE", "BEGIN"} else words[0]
