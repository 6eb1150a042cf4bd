"""What makes a healthy dog look ill; section 8.4 of docs/evidence.md."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from analysis.errors import SettingsError
from simulators.day.schedule import Habits
from simulators.dog.collar import Mounting
from simulators.dog.condition import preset
from simulators.dog.dog import Dog
from simulators.scenarios.story import Phase


def _new(mounting: Mounting) -> Mounting:
    """Return another collar: it follows the neck by 15 % less, and sits where it was put."""
    return replace(mounting, follow=0.85 * mounting.follow, roll_deg=mounting.roll_deg + 25.0)


def _loose(mounting: Mounting) -> Mounting:
    """Return a collar that swings, turns and rattles."""
    return replace(
        mounting, ring=0.5, ring_hz=8.0, roll_drift_deg=60.0, roll_jump=0.8, tags_per_min=15.0
    )


def _leashed(mounting: Mounting) -> Mounting:
    return replace(mounting, leashed=True)


def _slipped(mounting: Mounting) -> Mounting:
    """Return a collar that has turned to the side of the neck, where it moves more."""
    return replace(mounting, follow=1.25 * mounting.follow, roll_deg=mounting.roll_deg + 100.0)


SEATS: Mapping[str, Callable[[Mounting], Mounting]] = MappingProxyType(
    {
        "new_collar": _new,
        "loose_collar": _loose,
        "leash_on_collar": _leashed,
        "slipped_collar": _slipped,
    }
)
"""How the collar sits, from how it sat."""


def _half_worn(habits: Habits) -> Habits:
    """Return habits with twelve hours a day without the collar."""
    return replace(habits, off_at_h=(8.0,), off_min=720.0)


HABITS: Mapping[str, Callable[[Habits], Habits]] = MappingProxyType({"half_day_unworn": _half_worn})
"""How the days go, from how they went."""

WEARERS: Mapping[str, Dog] = MappingProxyType(
    {"collar_lent": Dog(name="guest", withers_m=0.30, mass_kg=7.0)}
)
"""Who wears the collar instead of the dog whose it is."""

DAYS: tuple[str, ...] = ("heat", "guests", "fireworks", "boarding", "boarding_busy")
"""Conditions that are not the dog's."""

CONFOUNDERS: tuple[str, ...] = (*DAYS, *SEATS, *HABITS, *WEARERS)


def disturbed(
    name: str, *, days: int, mounting: Mounting | None = None, habits: Habits | None = None
) -> Phase:
    """Return some days of a healthy dog under a confounder.

    Parameters
    ----------
    name
        One of `CONFOUNDERS`.
    days
        How long it lasts; a new collar stays until the end.
    mounting, habits
        How the collar sits and the dog lives otherwise.

    Raises
    ------
    SettingsError
        If there is none of that name.

    Examples
    --------
    >>> disturbed("new_collar", days=10).mounting.follow
    0.85
    """
    if name in SEATS:
        return Phase(days=days, mounting=SEATS[name](mounting or Mounting()), habits=habits)
    if name in HABITS:
        return Phase(days=days, mounting=mounting, habits=HABITS[name](habits or Habits()))
    if name in WEARERS:
        return Phase(days=days, mounting=mounting, habits=habits, dog=WEARERS[name])
    if name in DAYS:
        return Phase(days=days, condition=preset(name).condition, mounting=mounting, habits=habits)
    msg = f"confounder is '{name}', expected one of {', '.join(CONFOUNDERS)}"
    raise SettingsError(msg)
