"""The pictures of docs/simulator.md are small, whole, and drawn by one command."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from simulators.pictures.__main__ import main
from simulators.pictures.panel import Axis, Bar, Columns, Dot, Line, Panel, sheet

DOCS = Path(__file__).resolve().parents[4] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*marks: Line | Bar | Columns | Dot) -> ET.Element:
    """Return a sheet of 100 by 100 pixels of axes, beginning at 62 and 66."""
    axis = Axis(span=(0.0, 10.0), ticks=(0, 10))
    panel = Panel(title="a < b", x=axis, y=axis, marks=marks)
    return ET.fromstring(sheet("A & B", [panel], columns=1, size=(174.0, 160.0)))  # noqa: S314


def test_a_line_from_corner_to_corner_goes_up_to_the_right() -> None:
    line = drawn(Line(x=np.array([0.0, 5.0, 10.0]), y=np.array([0.0, 5.0, 10.0])))

    points = [each.get("points") for each in line.iter(f"{SVG}polyline")]

    assert points == ["62.0,166.0 112.0,116.0 162.0,66.0"]


def test_what_lies_outside_is_drawn_on_the_edge() -> None:
    dot = next(drawn(Dot(x=99.0, y=-99.0)).iter(f"{SVG}circle"))

    assert (dot.get("cx"), dot.get("cy")) == ("162.0", "166.0")


def test_a_bar_spans_its_corners() -> None:
    bar = list(drawn(Bar(x=(1.0, 3.0), y=(2.0, 6.0))).iter(f"{SVG}rect"))[-1]

    assert [bar.get(key) for key in ("x", "y", "width", "height")] == [
        "72.0",
        "106.0",
        "20.0",
        "40.0",
    ]


def test_columns_of_no_height_are_left_out() -> None:
    """Two of three, one unit wide: ten pixels."""
    path = next(drawn(Columns(width=1.0, heights=np.array([5.0, 0.0, 10.0]))).iter(f"{SVG}path"))

    assert path.get("d") == "M62.0 166.0V116.0h10.00V166.0M82.0 166.0V66.0h10.00V166.0"


def test_words_with_signs_of_xml_are_read_as_they_were_written() -> None:
    words = [each.text for each in drawn().iter(f"{SVG}text")]

    assert words[:2] == ["A & B", "a < b"]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("with_recordings", [False, True])
def test_one_command_draws_everything(
    tmp_path: Path, *, with_recordings: bool, request: pytest.FixtureRequest
) -> None:
    nowhere = tmp_path / "nowhere"
    folder = request.getfixturevalue("recordings") if with_recordings else nowhere

    main([str(tmp_path / "made"), "--recordings", str(folder)])
    made = {each.name: each.read_text(encoding="utf-8") for each in (tmp_path / "made").iterdir()}

    assert set(made) == {each.name for each in (DOCS / "pictures").iterdir()}
    assert ("recorded walking" in made["gaits.csv"]) == with_recordings
    for name, text in made.items():
        assert len(text) < 100_000
        if name.endswith(".svg"):
            assert ET.fromstring(text).tag == f"{SVG}svg"  # noqa: S314


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    page = (DOCS / "simulator.md").read_text(encoding="utf-8")

    linked = set(re.findall(r"\(pictures/([a-z]+\.[a-z]+)\)", page))

    assert linked == {each.name for each in (DOCS / "pictures").iterdir()}
