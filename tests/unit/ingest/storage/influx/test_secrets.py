"""What is secret stays secret."""

from pydantic import SecretStr

from config.machine_settings import Influx
from ingest.storage.influx.client import without_secrets

SECRETS = Influx(
    url="http://nas:8086", user="me", password=SecretStr("hush"), token=SecretStr("sesame")
)


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(SECRETS)

    assert "nas" in shown
    assert "hush" not in shown
    assert "sesame" not in shown


def test_secrets_are_blotted_out_of_texts() -> None:
    assert without_secrets("bad sesame, hush", SECRETS) == "bad ***, ***"
    assert without_secrets("abc", Influx()) == "abc"
    assert without_secrets("abc", Influx(token=SecretStr(""))) == "abc"
