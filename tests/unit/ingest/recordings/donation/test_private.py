"""What is said of a dog, and of its owner's words, when they are given away."""

import pytest

from ingest.recordings.donation.private import UNKNOWN, participant, without_names


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Rex limped", "[removed] limped"),
        ("REX's left hind", "[removed]'s left hind"),
        ("Rex the Second and rex", "[removed] and [removed]"),
        ("Rexona was here", "Rexona was here"),
        ("seen 2026-11-23", "seen [removed]"),
        ("seen 3.12.2026 and 3.12. and 3/12/26", "seen [removed] and [removed] and [removed]"),
        ("since 2024", "since [removed]"),
        ("seen 23 November, 3rd of May and Dec 1", "seen [removed], [removed] and [removed]"),
        ("2 may be lame, in may 3 times", "2 may be lame, in may 3 times"),
        ("chip 276 098 106 123 456, call +43 1 234567", "chip [removed], call [removed]"),
        ("write to vet@example.org", "write to [removed]"),
        ("grade 2/5, 2.5 of 4", "grade 2/5, 2.5 of 4"),
        ("two\nlines\tand more", "two lines and more"),
        ("", ""),
    ],
)
def test_names_and_dates_are_taken_out_of_a_text(text: str, kept: str) -> None:
    assert without_names(text, ["rex", "Rex", "Rex the Second", ""]) == kept


@pytest.mark.parametrize(
    ("mass_kg", "band"),
    [(4.9, "0-5"), (5.0, "5-10"), (19.99, "15-20"), (120.0, "50-121"), (None, UNKNOWN)],
)
def test_weight_is_a_band(mass_kg: float | None, band: str) -> None:
    found = participant("1f", withers_m=None, mass_kg=mass_kg, age_years=None)

    assert (found.weight_band_kg, found.height_cm, found.age_band_years) == (band, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("age_years", "band"), [(0.5, "0-1"), (7.0, "7-9"), (15.0, "13-41"), (41.0, UNKNOWN)]
)
def test_age_is_a_band(age_years: float, band: str) -> None:
    found = participant("1f", withers_m=0.42, mass_kg=None, age_years=age_years)

    assert (found.age_band_years, found.height_cm) == (band, "40")
