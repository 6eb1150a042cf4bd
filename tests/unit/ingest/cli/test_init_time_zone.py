"""The machine's time zone, from wherever a machine may say it."""

from pathlib import Path

import pytest

from ingest.cli.init import zone_of_machine


@pytest.mark.parametrize(
    ("said", "zone"),
    [("Europe/Vienna", "Europe/Vienna"), (":Europe/Vienna", "Europe/Vienna"), ("Mars/Base", "UTC")],
)
def test_the_environment_comes_first(tmp_path: Path, said: str, zone: str) -> None:
    assert zone_of_machine({"TZ": said}, tmp_path) == zone


def test_a_link_names_the_zone(tmp_path: Path) -> None:
    zone = tmp_path / "zoneinfo" / "Asia" / "Tokyo"
    zone.parent.mkdir(parents=True)
    zone.touch()
    (tmp_path / "localtime").symlink_to(zone)

    assert zone_of_machine({}, tmp_path) == "Asia/Tokyo"


def test_a_file_names_the_zone(tmp_path: Path) -> None:
    (tmp_path / "timezone").write_text("America/Lima\n")

    assert zone_of_machine({}, tmp_path) == "America/Lima"


def test_a_machine_that_says_nothing_is_in_utc(tmp_path: Path) -> None:
    (tmp_path / "timezone").write_bytes(b"\xff\xfe")

    assert zone_of_machine({}, tmp_path) == "UTC"
