"""`spryhound secret`: a password that nobody guesses, and nobody else reads."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Type = Callable[..., Result]


def test_each_is_another_and_private(spryhound: Type, tmp_path: Path) -> None:
    """24 random bytes are 32 characters; 12 is the least that the page takes."""
    one, two = tmp_path / "web.password", tmp_path / "mqtt.password"
    shown = spryhound("secret", str(one)).stderr + spryhound("secret", str(two)).stderr

    words = {each.read_text().strip() for each in (one, two)}
    assert {len(word) for word in words} == {32}
    assert len(words) == 2
    assert {each.stat().st_mode & 0o777 for each in (one, two)} == {0o600}
    assert not any(word in shown for word in words)


def test_a_file_that_exists_is_kept(spryhound: Type, tmp_path: Path) -> None:
    file = tmp_path / "web.password"
    file.write_text("mine\n")

    assert spryhound("secret", str(file)).exit_code == 1
    assert file.read_text() == "mine\n"
    assert spryhound("secret", str(file), "--force").exit_code == 0
    assert file.read_text() != "mine\n"
