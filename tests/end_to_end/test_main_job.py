"""The main job on real servers: from the collar to the store and to the owner."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from ingest.clock import SystemClock
from ingest.storage.journal import Journal
from simulators.testing.daemon_harness import DaemonHarness, wait_until
from simulators.testing.http_sink import HttpSink
from simulators.testing.sample_recording import RATE_HZ, story_g

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(90)]
SAME = ("id", "kind", "severity", "status", "onset_s", "time_s", "count", "evidence")


def answer(influx: str, database: str, question: str) -> list[dict[str, Any]]:
    """Return the rows that InfluxDB answers an InfluxQL question with."""
    query = urlencode({"db": database, "q": question})
    with urlopen(f"{influx}/query?{query}", timeout=10) as reply:  # noqa: S310  # our own server
        found = json.load(reply)
    series = found["results"][0].get("series", [])
    return [
        {**each.get("tags", {}), **dict(zip(each["columns"], row, strict=True))}
        for each in series
        for row in each["values"]
    ]


@pytest.mark.influx
def test_a_recorded_jump_comes_out_the_same_everywhere(
    make_home: Callable[..., DaemonHarness], influx: str, http_catcher: HttpSink, story_csv: Path
) -> None:
    """Simulator, Mosquitto, daemon; then InfluxDB, command line, broker and notification."""
    phone = http_catcher.notify_url
    home = make_home(influx_url=influx, notify_urls=(phone,))
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    done = home.run("replay", "--publish", str(story_csv))
    (told,) = http_catcher.wait_for(1, within_s=40.0)

    assert done.returncode == 0, done.stderr
    (listed,) = home.alerts()
    message = json.loads(told.body)
    assert message["title"] == "Rex jumped"
    assert "Recorded earlier" in message["message"]
    assert "Rex jumped. On Monday 1 June at 12:03." in message["message"]
    _, *red_flags = listed["text"].partition("This is not a diagnosis.")
    assert "".join(red_flags) in message["message"]
    retained = json.loads(home.messages.heard("dogs/rex/alerts/jumping"))
    assert {key: retained[key] for key in (*SAME, "title", "text")} == {
        key: listed[key] for key in (*SAME, "title", "text")
    }

    question = "SELECT * FROM alert WHERE dog = 'rex' GROUP BY dog, kind, run"
    name = home.settings.name
    assert wait_until(lambda: bool(answer(influx, name, question)), 20.0)
    (row,) = answer(influx, name, question)
    evidence = {
        key.removeprefix("evidence_"): value
        for key, value in row.items()
        if key.startswith("evidence_")
    }
    assert {**row, "evidence": evidence} | {"dog": "rex", "run": "live"} == {
        **row,
        **{key: listed[key] for key in SAME},
        "dog": listed["dog"],
        "run": "live",
    }


def batch(seq: int, t_ms: float, rows: list[list[int]]) -> str:
    """Return what one would type by hand: JSON, mg, no key that can be left out."""
    return json.dumps({"seq": seq, "boot": 7, "t_ms": t_ms, "rate_hz": RATE_HZ, "xyz": rows})


def test_a_jump_sent_with_mosquitto_pub_reaches_the_owner_while_it_is_news(
    make_home: Callable[..., DaemonHarness], http_catcher: HttpSink
) -> None:
    """A hand-written collar; what is garbage in between is set aside and stops nothing.

    Only the minute around the jump is sent.
    """
    now_s = SystemClock().now_s()
    today = datetime.fromtimestamp(now_s, UTC).date().isoformat()
    phone = http_catcher.notify_url
    home = make_home(notify_urls=(phone,), plan_start=today)
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    rows_mg = (1000 * story_g()[200 * 50 : 260 * 50]).round().astype(int).tolist()
    start_ms = 1000.0 * (now_s - 60.0)
    half = len(rows_mg) // 2
    quarters = [rows_mg[:750], rows_mg[750:half], rows_mg[half : half + 750], rows_mg[half + 750 :]]
    batches, n_before = [], 0
    for seq, rows in enumerate(quarters):
        batches.append(batch(seq, start_ms + 1000.0 * n_before / RATE_HZ, rows))
        n_before += len(rows)
    garbage: list[str | bytes] = ["{", "hello", b"\x00\xff\x13", '{"seq": "x", "t_ms": []}']

    home.messages.say("collars/made-by-hand/acceleration", batches[0], *garbage, *batches[1:])
    (told,) = http_catcher.wait_for(1, within_s=40.0)

    message = json.loads(told.body)
    assert message["title"] == "Rex jumped"
    assert "Recorded earlier" not in message["message"]
    assert wait_until(lambda: home.n_packets() == len(batches), 20.0)
    with Journal(home.database, SystemClock()) as journal:
        assert len(journal.aside()) == len(garbage)
        assert sum(journal.counts().values()) == len(garbage)
    jump_s = start_ms / 1000.0 + 30.0
    assert [each["onset_s"] for each in home.alerts()] == [pytest.approx(jump_s, abs=3.0)]
    assert home.is_running()
