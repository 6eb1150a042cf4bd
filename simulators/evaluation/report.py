"""The result of an evaluation, and the same as text and Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isinf, isnan

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table.

    Attributes
    ----------
    name
        Word for ``--only``.
    title, note
        A heading, and what the numbers are and are not.
    columns, rows
        The table; numbers are numbers, None where nothing can be said.
    figures
        Numbers by name that budgets refer to as ``section.figure``.
    skipped
        Why there is nothing; empty if there is.
    """

    name: str
    title: str
    note: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large an evaluation is, and what its chance is drawn from.

    Attributes
    ----------
    seed
        Of everything.
    dogs, days
        Cohort on the shortcut: dogs, and healthy days of each.
    sampled_dogs, sampled_days
        Cohort from samples.
    jittering_dogs
        Dogs of a cohort from samples whose collars jitter, for as many days.
    recorded_dogs, recorded_days
        Dogs whose motion is recorded, and healthy days of each.
    walking_dogs
        Dogs whose gait is compared with their own in illness, under each kind of collar.
    agreeing_dogs, agreeing_days
        Dogs and days that are compared by both ways, in each condition.
    jumps
        Jumps of each kind for each rate and size, and as many of each behaviour that is none.
    falls
        Falls that look like a collapse, for each rate and size.
    mixed_days
        Whole days with every behaviour, for each rate.
    cases
        Names of the cases that the cohort lives through; all if empty.
    tuning
        Whether the tuning half is shown instead of the reporting half.
    """

    seed: int = 20_261
    dogs: int = 200
    days: int = 60
    sampled_dogs: int = 20
    sampled_days: int = 30
    jittering_dogs: int = 6
    recorded_dogs: int = 5
    recorded_days: int = 24
    walking_dogs: int = 12
    agreeing_dogs: int = 12
    agreeing_days: int = 4
    jumps: int = 60
    falls: int = 20
    mixed_days: int = 12
    cases: tuple[str, ...] = ()
    tuning: bool = False


QUICK = Size(
    dogs=4,
    days=30,
    sampled_dogs=1,
    sampled_days=2,
    jittering_dogs=1,
    recorded_dogs=1,
    recorded_days=1,
    walking_dogs=0,
    agreeing_dogs=3,
    agreeing_days=1,
    jumps=30,
    falls=5,
    mixed_days=1,
    cases=("drop_30", "moderate", "ataxia", "non_walking", "crate_rest", "heat"),
)
"""For a check before each change: minutes become seconds, and chance has more to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One budget and whether it was held.

    Attributes
    ----------
    figure
        Which figure, ``section.name``.
    says
        The budget in words.
    limit, at_most
        Its border, and whether the value may be at most or at least that.
    value
        What was measured; None if it was not.
    held
        None if it was not measured.
    source
        Where the budget comes from.
    """

    figure: str
    says: str
    limit: float
    at_most: bool
    value: float | None
    held: bool | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole evaluation.

    Attributes
    ----------
    size
        How large it was.
    sections, budgets
        What was found.
    seconds
        How long it took.
    """

    size: Size
    sections: Sequence[Section]
    budgets: Sequence[Outcome]
    seconds: float

    @property
    def broken(self) -> list[Outcome]:
        """The budgets that were not held."""
        return [each for each in self.budgets if each.held is False]


PREAMBLE = """\
# How well the detectors do

This page is written by `spryhound evaluate --write docs/evaluation.md`; do not edit it by hand.
`spryhound evaluate --quick` is the small form that runs before each change is taken.

## What this rests on

**Real dogs: little.**
Five recordings of two dogs, one label each, a few minutes long (`recordings` below).
They show that amplitudes and rates are of the right order, and that no jump is told of a walk, a
run or a rest.
The thresholds for jumps were chosen on them, and on 102 labelled pieces of the play of two other
dogs (`recorded_jumps`), of which nearly all clear jumps are one dog's.
Days spliced from these recordings show what is told of the motion of a real dog, healthy and
changed as an illness is supposed to change it (`recorded_days`); it is that of one dog.
None of these dogs had a bad back, and none was watched for longer than that.

**Simulated dogs: everything else** (`docs/simulator.md`).
Their gaits, jumps and days follow published figures and the same few recordings.
Their illnesses are changes of these by published or supposed amounts.
A detector that does well here does well against our idea of a dog, and no more than that.
Most of the illnesses are lived on a shortcut that draws minutes, windows of gait and events from
tables instead of making samples; `agreement` shows how near it comes, `samples` what comes out
without it.

Most of these collars sit still on the neck; recorded ones jitter.
The illnesses that cannot wait are therefore tried with collars that jitter as well, on few dogs
(`jittering` below, and `gait`).

**Not known:**

- how often each alert is right or wrong on dogs at home;
- how early a real bad back shows at the collar;
- how much the days of one real dog differ (15 to 35 % is supposed);
- how coats, fat necks and wide collars change the signal;
- whether an ataxic dog looks to the collar as ours do;
- how often ataxia is told on strict rest: a dog gives hardly any steady gait then (`docs/gait.md`),
  and none was ill like that here;
- what a collapse looks like to a collar: ours were made after the rule that finds them.

No share given here may be read as the chance that your dog is ill.

Shares of illnesses found stand beside the false alerts of healthy dogs, since either alone says
nothing.
Half of the dogs of each size were there to tune on.
What follows is of the other half, except urgent alerts, which are counted over all.

"""


def text_of(cell: Cell) -> str:
    """Return a cell as short text; empty if there is none or nothing to reckon it from.

    Examples
    --------
    >>> text_of(0.12345), text_of(1234.5), text_of(None), text_of(float("nan")), text_of(12)
    ('0.123', '1234', '', '', '12')
    """
    if cell is None or (isinstance(cell, float) and isnan(cell)):
        return ""
    if isinstance(cell, float):
        if isinf(cell):
            return "never"
        return f"{cell:.0f}" if abs(cell) >= 1000.0 else f"{cell:.3g}"
    return str(cell)


def verdict(outcome: Outcome) -> str:
    """Return whether a budget was held, in a word."""
    if outcome.held is None:
        return "not measured"
    return "held" if outcome.held else "BROKEN"


def limit_of(outcome: Outcome) -> str:
    """Return a budget's border."""
    return f"{'at most' if outcome.at_most else 'at least'} {outcome.limit:g}"


def markdown(report: Report, command: str) -> str:
    """Return the page."""
    size = report.size
    parts = [
        PREAMBLE,
        f"Written by `{command}`; seed {size.seed}.\n",
        "## Budgets\n",
        _table(
            ("budget", "limit", "measured", "", "from"),
            [
                (each.says, limit_of(each), each.value, verdict(each), each.source)
                for each in report.budgets
            ],
        ),
    ]
    for section in report.sections:
        parts += [f"## {section.title}\n", *_section(section)]
    return "\n".join(parts)


def _section(section: Section) -> list[str]:
    if section.skipped:
        return [f"Skipped: {section.skipped}.\n"]
    alone = f"`spryhound evaluate --only {section.name}`\n"
    return [section.note + "\n", _table(section.columns, section.rows), alone]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(text_of(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
