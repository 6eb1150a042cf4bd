"""The analysis is tuned from the file, through each class's own fields and checks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from analysis.detectors import specs
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from config.detector_settings import Tuned
from config.schema import Settings

DOG = "[dogs.rex]\nname = 'Rex'\nwithers_m = 0.3\n"


@dataclass(frozen=True, kw_only=True)
class Range:
    """A settings class with a check of its own.

    Attributes
    ----------
    low, high
        From here to there.
    share
        A share of one.
    """

    low: float = 1.0
    high: float = 2.0
    share: float = 0.5

    def __post_init__(self) -> None:
        if not self.low < self.high:
            message = f"low is {self.low}, expected less than {self.high}"
            raise ValueError(message)
        _ = 1.0 / self.share


RANGE: TypeAdapter[Range] = TypeAdapter(Annotated[Range, Tuned()])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"low": 3.0}, "low is 3.0, expected less than 2.0"),
        ({"share": 0.0}, "values do not fit together: float division by zero"),
        ({"low": -1.0}, "greater than or equal to 0"),
        ({"lwo": 1.0}, "Extra inputs are not permitted"),
    ],
)
def test_what_a_class_refuses_is_a_fault_of_the_file(table: dict[str, float], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        RANGE.validate_python(table)


def test_what_a_class_takes_is_the_class() -> None:
    assert RANGE.validate_python({"low": 0}) == Range(low=0.0)


def test_without_settings_the_pipeline_has_the_defaults_of_the_analysis(
    read: Callable[..., Settings],
) -> None:
    settings = read(DOG).pipeline("rex")
    plain = PipelineSettings(dog=settings.dog)

    assert settings.dog.withers_m == 0.3
    assert (settings.movement, settings.wear) == (plain.movement, plain.wear)
    assert (settings.gait, settings.alerts) == (plain.gait, plain.alerts)
    assert settings.detectors == {name: spec.settings() for name, spec in specs().items()}
    assert Pipeline(settings).parts()


def test_each_part_of_the_analysis_can_be_set(read: Callable[..., Settings]) -> None:
    settings = read(
        f"{DOG}[analysis.movement]\nrest_below_g = 0.06\n[analysis.wear]\nafter_min = 20\n"
        "[analysis.gait]\nregular_from = 0.5\n[analysis.alerts]\ngroup_s = 600\n"
        "[detectors.jumping]\nprobable_from = 0.7\n[detectors.stiff_gait]\nwatch_index = -2\n"
    ).pipeline("rex")

    assert settings.movement.rest_below_g == 0.06
    assert settings.wear.after_min == 20
    assert settings.gait.regular_from == 0.5
    assert settings.alerts.group_s == 600.0
    assert settings.detectors["jumping"].probable_from == 0.7
    assert settings.detectors["stiff_gait"].watch_index == -2.0
