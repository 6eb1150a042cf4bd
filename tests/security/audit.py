"""Asks for known faults of the locked dependencies: ``./run audit``.

A fault that is found fails, unless `EXCEPTIONS` names it, with a day until which and a reason. A
service that cannot be asked is said, and does not fail: it must not stop every change.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS = ROOT / "tests" / "security" / "audit-exceptions.txt"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-audit.lock")
_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an audit of one lock came to: lines for people, and whether it may pass."""

    lines: tuple[str, ...]
    passes: bool


def exceptions(text: str) -> dict[str, tuple[date, str]]:
    """Return until when each fault is accepted, and why.

    Raises
    ------
    ValueError
        If a line is not a fault's id, a day and a reason.
    """
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, until, reason = line.split(maxsplit=2)
            found[name] = (date.fromisoformat(until), reason)
    return found


def judge(
    report: Sequence[Mapping[str, Any]], accepted: Mapping[str, tuple[date, str]], today: date
) -> Judgement:
    """Say what pip-audit's list of dependencies means."""
    lines, passes = [], True
    unasked = [each for each in report if "skip_reason" in each]
    for each in report:
        for fault in each.get("vulns", ()):
            until, reason = _accepted([fault["id"], *fault.get("aliases", ())], accepted)
            is_accepted = until is not None and today <= until
            passes = passes and is_accepted
            fixed = ", ".join(fault.get("fix_versions", ())) or "no version yet"
            said = f"accepted until {until}: {reason}" if is_accepted else f"fixed in {fixed}"
            lines.append(f"{each['name']} {each['version']}: {fault['id']}, {said}")
    if not report or len(unasked) == len(report):
        lines.append("NOT AUDITED: the advisory service knows none of them, or is not reached")
    else:
        lines += [f"not audited: {each['name']}: {each['skip_reason']}" for each in unasked]
        lines.append(f"{len(report) - len(unasked)} of {len(report)} dependencies were audited")
    return Judgement(lines=tuple(lines), passes=passes)


def audit(lock: str, options: Sequence[str], accepted: Mapping[str, tuple[date, str]]) -> Judgement:
    """Ask about one lock by the pip-audit beside this Python."""
    program = Path(sys.executable).with_name("pip-audit")
    words = [str(program), "-r", lock, "--require-hashes", "--disable-pip", "--format", "json"]
    done = subprocess.run(
        [*words, "--progress-spinner", "off", *options],
        capture_output=True,
        text=True,
        timeout=_WITHIN_S,
        cwd=ROOT,
        check=False,
    )
    try:
        report = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        lines = done.stderr.strip().splitlines() or ["pip-audit said nothing"]
        is_away = any("onnect" in line or "imed out" in line for line in lines)
        said = "NOT AUDITED: the advisory service is not reached: " if is_away else "FAILED: "
        return Judgement(lines=(said + lines[-1],), passes=is_away)
    today = datetime.now(UTC).date()  # noqa: TID251  # of the audit itself
    return judge(report, accepted, today)


def _accepted(
    names: Sequence[str], accepted: Mapping[str, tuple[date, str]]
) -> tuple[date | None, str]:
    return next((accepted[name] for name in names if name in accepted), (None, ""))


def main() -> int:
    """Audit all locks; 1 if a fault is known that nobody has accepted."""
    accepted, passes = exceptions(EXCEPTIONS.read_text(encoding="utf-8")), True
    for lock in LOCKS:
        judgement = audit(lock, sys.argv[1:], accepted)
        passes = passes and judgement.passes
        sys.stdout.writelines(f"{lock}: {line}\n" for line in judgement.lines)
    return int(not passes)


if __name__ == "__main__":
    sys.exit(main())
