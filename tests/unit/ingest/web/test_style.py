"""Colours that can be read by day and by night."""

import re
from collections.abc import Mapping
from importlib import resources

import pytest

CSS = (resources.files("ingest.web") / "static" / "page.css").read_text(encoding="utf-8")
TEXT_ON = [
    ("text", "back"),
    ("text", "card"),
    ("quiet", "back"),
    ("quiet", "card"),
    ("link", "back"),
    ("link", "card"),
    ("watch", "card"),
    ("warning", "card"),
    ("urgent", "card"),
    ("on-button", "button"),
    ("text", "loud-back"),
    ("text", "flags-back"),
    ("text", "good-back"),
]
SHAPE_ON = [("bar", "back"), ("hard", "back"), ("outside", "band"), ("bar", "band")]


def themes() -> list[Mapping[str, str]]:
    """Return the colours by name, light ones first."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "back"), TEXT_ON)
def test_text_can_be_read(theme: int, text: str, back: str) -> None:
    """WCAG level AA asks for 4.5 for text of ordinary size."""
    colours = themes()[theme]

    assert contrast(colours[text], colours[back]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "back"), SHAPE_ON)
def test_shapes_can_be_told_from_what_is_behind(theme: int, shape: str, back: str) -> None:
    """WCAG level AA asks for 3 for what carries meaning in a drawing."""
    colours = themes()[theme]

    assert contrast(colours[shape], colours[back]) >= 3.0
