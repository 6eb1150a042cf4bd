"""config/example.toml shows every setting, and each of its lines can be put to use."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from analysis.detectors import specs
from config.environment import variables
from config.example import render_example
from config.load import load
from config.schema import Leaf, Settings, node_at

FILE = Path(__file__).resolve().parents[3] / "config" / "example.toml"
SETTING = re.compile(r"^#(?=(\w+) = )", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the examples name."""
    folder = tmp_path_factory.mktemp("example")
    names = ("mqtt.password", "influx.password", "influx.token", "notify.urls", "ca.pem")
    for name in (*names, "web.password", "web.crt", "web.key"):
        (folder / name).write_text("s3cret\n")
    return folder


def loaded(folder: Path, text: str) -> Settings:
    path = folder / "spryhound.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, {})


def test_the_committed_file_is_what_the_code_says() -> None:
    """``python -m config.example > config/example.toml`` mends it."""
    assert FILE.read_text(encoding="utf-8") == render_example()


def test_it_loads_and_changes_no_default_of_a_machine(folder: Path) -> None:
    settings, plain = loaded(folder, render_example()), load(None, {})

    assert settings.dogs["rex"].name == "Rex"
    assert settings.profile("rex").plan is not None
    assert [settings.mqtt, settings.influx, settings.notify, settings.web] == [
        plain.mqtt,
        plain.influx,
        plain.notify,
        plain.web,
    ]
    assert settings.analysis == plain.analysis
    assert settings.detectors == plain.detectors


@pytest.mark.slow
def test_every_line_can_be_put_to_use_by_itself(folder: Path) -> None:
    """Those of an own phase come after the plan's template, which excludes them."""
    text, phases = render_example(), render_example().index("#[[dogs.rex.plan.phases]]")
    end = text.index("\n\n", phases)
    places = [each.start() for each in SETTING.finditer(text)]
    tried = [place for place in places if not phases < place < end]
    for place in tried:
        loaded(folder, text[:place] + text[place + 1 :])

    assert len(tried) > 100


def test_all_defaults_put_to_use_are_the_defaults(folder: Path) -> None:
    text = render_example()
    analysis = text[text.index("# How intensities") :]
    settings = loaded(folder, SETTING.sub("", analysis))

    assert settings.analysis == load(None, {}).analysis
    assert settings.detectors == load(None, {}).detectors


def test_phases_of_its_own_replace_the_template(folder: Path) -> None:
    text = re.sub(r"\ntemplate = .*", "", render_example())
    start = text.index("#[[dogs.rex.plan.phases]]")
    end = text.index("\n\n", start)
    phases = re.sub(r"^#(?=\S)", "", text[start:end], flags=re.MULTILINE)
    plan = loaded(folder, text[:start] + phases + text[end:]).profile("rex").plan

    assert plan is not None
    assert [(phase.name, phase.days) for phase in plan.phases] == [("strict rest", 14)]


def test_every_setting_is_in_it() -> None:
    text = render_example()
    missing = []
    for variable in variables(Settings):
        *tables, key = variable.removeprefix("SPRYHOUND_").lower().split("__")
        section = text.partition(f"[{'.'.join(tables)}]\n")[2].partition("\n\n")[0]
        if f"#{key} = " not in section:
            missing.append(variable)

    assert missing == []


def test_every_setting_of_every_detector_is_a_variable() -> None:
    """Counted from the classes themselves, not by the walk that writes the file."""
    expected = {
        f"SPRYHOUND_DETECTORS__{name}__{each.name}".upper()
        for name, spec in specs().items()
        for each in fields(spec.settings)
    }

    assert expected <= set(variables(Settings))
    assert len(expected) > 40


@pytest.mark.slow
def test_every_setting_is_explained() -> None:
    places = [each.removeprefix("SPRYHOUND_").lower().split("__") for each in variables(Settings)]
    places += [["dogs", "rex", key] for key in ("name", "withers_m", "night_from")]
    places += [["dogs", "rex", "plan", key] for key in ("start", "template")]
    found = [(place, node_at(Settings, place)) for place in places]
    silent = [
        place for place, node in found if not isinstance(node, Leaf) or not node.field.description
    ]

    assert silent == []
