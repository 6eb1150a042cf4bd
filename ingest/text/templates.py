"""Sentences with numbers in them, chosen by which numbers are known."""

import math
import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

Value = str | float
_ONCE = 1
_FEW_DAYS = 14
"""Fewer days than that do not tell what is usual: docs/evidence.md 4, the size of a baseline."""
_TWO_H_MIN = 120
_PYTHON = {"": ".0f", "whole": ".0f", "one": ".1f", "two": ".2f"}


def _percent(value: float) -> str:
    if value <= 0:
        # "8 % slower" must never be said of a dog that got faster.
        raise KeyError(value)
    return f"{value * 100:.0f} %"


def _few(value: float) -> str:
    if value >= _FEW_DAYS:
        raise KeyError(value)
    return f"{value:.0f}"


def _times(value: float) -> str:
    return "" if value <= _ONCE else f" {value:.0f} times"


def _span(minutes: float) -> str:
    if round(minutes) == _ONCE:
        return "a minute"
    return f"{minutes:.0f} minutes" if minutes < _TWO_H_MIN else f"{minutes / 60.0:.0f} hours"


def _days(value: float) -> str:
    return "day" if round(value) == _ONCE else f"{value:.0f} days"


def _counted(unit: str) -> Callable[[float], str]:
    """Return what says how many of something: one day, two days."""
    return lambda value: f"{value:.0f} {unit}{'' if round(value) == _ONCE else 's'}"


_SAID: Mapping[str, Callable[[float], str]] = {
    "percent": _percent,
    "fall": lambda value: _percent(-value),
    "few": _few,
    "times": _times,
    "days": _days,
    "span": _span,
    "n_days": _counted("day"),
    "n_walks": _counted("walk"),
    "known": lambda _: "",
}
"""Formats of ours; a `KeyError` passes the sentence over."""


class _Numbers(string.Formatter):
    """Fills braces; a number that is missing or not finite is a `KeyError`."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Value:
        """Return the value of a field by its plain name."""
        del args
        value: Value = kwargs[str(key)]
        if not isinstance(value, str) and not math.isfinite(value):
            raise KeyError(key)
        return value

    def format_field(self, value: Value, format_spec: str) -> str:
        """Return a value in words; `format_spec` is one of ours or one of Python's."""
        if isinstance(value, str):
            return value
        said = _SAID.get(format_spec)
        return format(value, _PYTHON.get(format_spec, format_spec)) if said is None else said(value)


def fill(sentences: Sequence[str], values: Mapping[str, Value]) -> str:
    """Return the first sentence whose numbers are all known, filled; empty if there is none.

    Examples
    --------
    >>> fill(["{drop:percent} less", "less"], {"drop": 0.336}), fill(["{drop} less", "less"], {})
    ('34 % less', 'less')
    >>> fill(["{n:n_days}"], {"n": 1.0}), fill(["{n:n_days}"], {"n": 14.0})
    ('1 day', '14 days')
    """
    for sentence in sentences:
        try:
            return _Numbers().vformat(sentence, (), values)
        except (KeyError, ValueError, AttributeError, IndexError):
            continue
    return ""


@cache
def phrases() -> Mapping[str, Any]:
    """Return the tables of `alerts.toml`."""
    text = resources.files("ingest.text").joinpath("alerts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
