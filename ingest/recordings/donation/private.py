"""Texts and measures of a dog without what would name it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

REMOVED = "[removed]"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?-i:May))"
)
_DAY_OF_MONTH = r"\d{1,2}(?:st|nd|rd|th)?"
_TELLING = re.compile(
    "|".join(
        (
            r"\S+@\S+",  # an address
            r"\d{4}-\d{1,2}-\d{1,2}",
            r"\b\d{1,2}[./]\s?\d{1,2}[./](?:\s?\d{4}|\d{2}\b)?",
            rf"\b{_DAY_OF_MONTH}\s(?:of\s)?{_MONTH}\b",
            rf"\b{_MONTH}\s{_DAY_OF_MONTH}\b",
            r"\+?\d(?:[ ./-]?\d){6,}",  # of a telephone, a chip, a case
            r"\b(?:19|20)\d\d\b",
        )
    ),
    re.IGNORECASE,
)
"""What tells who or when."""

_MASSES_KG = (0, 5, 10, 15, 20, 25, 30, 40, 50, 121)
_AGES = (0, 1, 3, 5, 7, 9, 11, 13, 41)
UNKNOWN = "n/a"
"""BIDS's word for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """What is said of the dog: enough to compare, too little to know it.

    Attributes
    ----------
    id
        Drawn by chance for this package.
    height_cm
        Withers height to the next 5 cm, as text; `UNKNOWN` if it is not known.
    weight_band_kg, age_band_years
        From one number up to below the other, such as ``15-20``; or `UNKNOWN`.
    """

    id: str
    height_cm: str = UNKNOWN
    weight_band_kg: str = UNKNOWN
    age_band_years: str = UNKNOWN


def participant(
    id_: str, *, withers_m: float | None, mass_kg: float | None, age_years: float | None
) -> Participant:
    """Return what may be said of a dog.

    Examples
    --------
    >>> participant("1f", withers_m=0.47, mass_kg=16.0, age_years=None).height_cm
    '45'
    """
    return Participant(
        id=id_,
        height_cm=UNKNOWN if withers_m is None else str(round(withers_m * 20.0) * 5),
        weight_band_kg=_band(mass_kg, _MASSES_KG),
        age_band_years=_band(age_years, _AGES),
    )


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text in one line, without some names and without what tells who or when.

    That are dates, years, mail addresses, and numbers of seven digits or more.

    Examples
    --------
    >>> without_names("Rex was lame on 3.12.2026, grade 2/5", ["rex"])
    '[removed] was lame on [removed], grade 2/5'
    """
    line = " ".join(text.split())
    # The longest first: "Rex the second" holds "Rex".
    for name in sorted({each.strip() for each in names}, key=len, reverse=True):
        if name:
            line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", REMOVED, line, flags=re.IGNORECASE)
    return _TELLING.sub(REMOVED, line)


def _band(value: float | None, bounds: tuple[int, ...]) -> str:
    if value is None:
        return UNKNOWN
    return next((f"{low}-{high}" for low, high in pairwise(bounds) if low <= value < high), UNKNOWN)
