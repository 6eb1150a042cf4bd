"""What an evaluation says: sections of plain rows and named figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    walking_dogs: int = 12
    agreeing_dogs: int = 12
    agreeing_days: int = 6
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
    walking_dogs=0,
    agreeing_dogs=4,
    agreeing_days=1,
    falls=5,
    mixed_days=1,
    cases=("drop_30", "moderate", "ataxia", "non_walking", "crate_rest", "heat", "heat, noted"),
)
"""For a check before each change: minutes become seconds, and chance has more to say.

Jumps are as many as in the full form: of fewer, a share of 0.97 falls below 0.95 by chance.
"""


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
