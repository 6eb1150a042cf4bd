"""Packets and all that they cause are safe before anybody is told; repeats change nothing."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from analysis.errors import StoreError
from analysis.model import AlertChange, Event, Status
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from analysis.pipeline.pipeline import PipelineSettings
from config.machine_settings import Watch
from ingest.packets.packet import Packet, encode_cbor
from ingest.ports import Query
from ingest.processing.result_writer import ResultWriter
from ingest.processing.service import IngestService
from ingest.processing.stream_processor import StreamProcessor
from ingest.records import Delivery, DogIdentity
from ingest.storage.journal import Journal
from ingest.storage.points import current_alerts, record_of
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.fakes import ManualClock
from simulators.testing.sample_recording import START_S, story_g

REST = Phase(name="strict rest", days=14, forbids=("jump",))
PLAN = Plan(name="disc", start=date(2026, 6, 1), phases=(REST,))
REX = PipelineSettings(dog=DogProfile(id="rex", plan=PLAN))
STORY_G = story_g()
BATCH = 500
NOW_S = START_S + 3600.0
"""An hour after the story began, when it is sent and answered."""


def delivery(topic: str, payload: bytes) -> Delivery:
    """Return a message as the link hands it on."""
    return Delivery(
        topic=f"spryhound/v1/{topic}",
        payload=payload,
        content_type="",
        arrival_s=NOW_S,
        retained=False,
        generation=1,
        mid=1,
        qos=1,
    )


def batch(seq: int) -> Delivery:
    """Return one packet of the story."""
    packet = Packet(
        seq=seq,
        boot="1",
        t_ms=1000.0 * (START_S + seq * BATCH / 50.0),
        rate_hz=50.0,
        acceleration_g=STORY_G[seq * BATCH : (seq + 1) * BATCH],
        stored=True,
    )
    return delivery("collars/c1/acceleration", encode_cbor(packet, lossless=True))


STORY = [batch(seq) for seq in range(len(STORY_G) // BATCH)]


class Home:
    """A hub on a journal, which can be left and come back to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = ManualClock(NOW_S)
        self.journal = Journal(path, self.clock)
        self.journal.__enter__()
        self.hub = self.new_hub()

    def new_hub(self) -> IngestService:
        """Return a hub as after a start, brought back to where the last one was."""
        card = DogIdentity(dog="rex", name="Rex", zone="UTC")
        recorder = ResultWriter({"rex": card}, "spryhound/v1", to_influx=True)
        hub = IngestService(
            lambda: StreamProcessor({"rex": REX}, _wearer),
            self.journal,
            recorder,
            self.clock,
            Watch(),
        )
        hub.restore()
        return hub

    def told(self) -> tuple[list[Event], list[AlertChange]]:
        """Return what the store knows."""
        with SqliteStore(self.path) as store:
            events = [record_of(each, Event) for each in store.read(Query(measurement="event"))]
            return events, current_alerts(store)

    def outbox(self) -> list[tuple[str, str]]:
        """Return kinds and keys of all rows."""
        connection = sqlite3.connect(self.path)
        rows = connection.execute("SELECT kind, key FROM outbox ORDER BY id").fetchall()
        connection.close()
        return rows


def _wearer(collar: str, _time_s: float) -> str | None:
    return "rex" if collar == "c1" else None


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Return a home with an empty journal."""
    opened = Home(tmp_path / "spryhound.sqlite")
    yield opened
    opened.journal.__exit__(None, None, None)


@pytest.fixture(scope="module")
def in_one_go(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Event], list[AlertChange], list[tuple[str, str]]]:
    """Return what comes of the story when nothing happens on the way."""
    whole = Home(tmp_path_factory.mktemp("whole") / "spryhound.sqlite")
    whole.hub.process(STORY)
    events, alerts = whole.told()
    outbox = whole.outbox()
    whole.journal.__exit__(None, None, None)
    return events, alerts, outbox


def test_the_story_is_told(
    in_one_go: tuple[list[Event], list[AlertChange], list[tuple[str, str]]],
) -> None:
    """So that the equalities below do not hold by silence."""
    events, alerts, outbox = in_one_go

    assert "jump" in {event.kind for event in events}
    assert [(alert.kind, alert.status) for alert in alerts] == [("jumping", Status.OPEN)]
    assert {kind for kind, _ in outbox} == {"point", "notification", "publication"}


@pytest.mark.slow
@pytest.mark.parametrize("restart_every", [1, 7, 23])
def test_a_new_hub_after_every_few_packets_says_the_same(
    home: Home,
    restart_every: int,
    in_one_go: tuple[list[Event], list[AlertChange], list[tuple[str, str]]],
) -> None:
    """No state was saved in between, so each restart computes from the journal."""
    for first in range(0, len(STORY), restart_every):
        home.hub.process(STORY[first : first + restart_every])
        home.hub = home.new_hub()

    assert home.told() == in_one_go[:2]
    assert sorted(home.outbox()) == sorted(in_one_go[2])


def test_a_saved_state_spares_the_packets_behind_it(
    home: Home, in_one_go: tuple[list[Event], list[AlertChange], list[tuple[str, str]]]
) -> None:
    home.hub.process(STORY[:20])
    home.hub.save()
    home.hub = home.new_hub()

    assert home.hub.saved_position == home.hub.position == 20
    home.hub.process(STORY[20:])
    assert home.told() == in_one_go[:2]


def test_packets_that_come_twice_are_counted_and_change_nothing(
    home: Home, in_one_go: tuple[list[Event], list[AlertChange], list[tuple[str, str]]]
) -> None:
    home.hub.process([*STORY, *STORY])

    assert home.told() == in_one_go[:2]
    assert home.hub.drops()["repeat"] == len(STORY)


def test_a_state_that_does_not_fit_is_computed_anew(
    home: Home, in_one_go: tuple[list[Event], list[AlertChange], list[tuple[str, str]]]
) -> None:
    """As after an upgrade that changed it."""
    home.hub.process(STORY)
    with home.journal.transaction() as tx:
        tx.save_state("engine", b"what is this", 3)

    home.hub = home.new_hub()

    assert home.hub.position == len(STORY)
    assert home.told() == in_one_go[:2]


def test_garbage_is_set_aside_and_the_rest_goes_on(home: Home) -> None:
    inbox = home.hub.process(
        [STORY[0], delivery("collars/c1/acceleration", b"{"), delivery("x/command", b"{"), STORY[1]]
    )

    assert len(inbox.aside) == len(home.journal.aside()) == 2
    assert len(list(home.journal.packets())) == 2
    assert sum(home.hub.drops().values()) == 2


def test_an_acknowledged_alert_says_so_at_once_and_after_a_restart(home: Home) -> None:
    home.hub.process(STORY)
    (alert,) = home.told()[1]

    home.hub.process([delivery("dogs/rex/command", b'{"ack": "%s"}' % alert.id.encode())])

    assert [each.status for each in home.told()[1]] == [Status.ACKNOWLEDGED]
    assert home.new_hub().saved_position == len(STORY)


def test_commands_left_in_the_store_are_obeyed_once(home: Home) -> None:
    home.hub.process(STORY)
    (alert,) = home.told()[1]
    home.journal.add_command(b'{"dog": "rex", "false_alarm": "%s"}' % alert.id.encode())
    home.journal.add_command(b"nonsense")

    home.hub.process_commands()

    assert [each.status for each in home.told()[1]] == [Status.FALSE_ALARM]
    assert [each.payload for each in home.journal.aside()] == [b"nonsense"]
    assert home.hub.drops() == {"command": 1}
    assert not home.journal.has_commands()


HEAT = b'{"log": {"kind": "circumstance", "what": "heat", "from": "2026-06-01"}}'


def test_a_circumstance_is_judged_by_at_once_and_after_a_restart_and_kept_once(home: Home) -> None:
    """A command may be delivered again; the entry and what is judged by stay one."""
    home.hub.process(
        [*STORY, delivery("dogs/rex/command", HEAT), delivery("dogs/rex/command", HEAT)]
    )

    for hub in (home.hub, home.new_hub()):
        today = hub.processor.pipelines["rex"].judging.today()
        assert today is not None
        assert today.noted == ("heat",)
    with SqliteStore(home.path) as store:
        (entry,) = store.read(Query(measurement="diary"))
    assert entry.fields["what"] == "heat"


@pytest.mark.parametrize(
    "command", [b'{"ack": "no-such-alert"}', b'{"snooze": {"kind": "jumping", "until": "soon"}}']
)
def test_a_command_that_cannot_be_obeyed_is_set_aside(home: Home, command: bytes) -> None:
    home.hub.process([delivery("dogs/rex/command", command)])

    assert len(home.journal.aside()) == 1
    assert home.hub.drops() == {"command": 1}


def test_a_command_for_an_unknown_dog_names_the_known_ones(home: Home) -> None:
    home.hub.process([delivery("dogs/bella/command", b'{"ack": "x"}')])

    (aside,) = home.journal.aside()
    assert "'bella', expected one of rex" in aside.cause


def test_the_state_of_a_collar_is_a_point_and_of_a_strange_one_is_counted(home: Home) -> None:
    word = b'{"state": "online", "battery": 0.8, "boot": 3, "firmware": "1.2"}'
    home.hub.process([delivery(f"collars/{collar}/status", word) for collar in ("c1", "stray")])

    with SqliteStore(home.path) as store:
        (point,) = store.read(Query(measurement="collar"))
    assert point.fields == {
        "collar": "c1",
        "state": "online",
        "battery": 0.8,
        "boot": "3",
        "firmware": "1.2",
    }
    assert home.hub.drops() == {"collar_of_no_dog": 1}


def test_pruning_spares_what_a_restart_needs(home: Home) -> None:
    """Ten packets are saved; an age of nothing forgets those and no others."""
    home.hub.process(STORY[:10])
    home.hub.save()
    home.hub.process(STORY[10:])
    home.clock.advance(86_400.0)

    home.hub.prune(keep_days=0.5, most_bytes=1 << 40, details_days=400.0)

    assert [position for position, _ in home.journal.packets()] == list(range(11, len(STORY) + 1))


def test_the_age_of_the_last_packet_is_known(home: Home) -> None:
    assert home.hub.last_packet_age_s() is None

    home.hub.process(STORY[:1])
    home.clock.advance(12.0)

    assert home.hub.last_packet_age_s() == pytest.approx(12.0)
    assert home.hub.size_bytes() > 0


def test_a_minute_after_the_last_time_the_state_is_saved_by_itself(home: Home) -> None:
    home.hub.process(STORY[:1])
    assert home.hub.saved_position == 0

    home.clock.advance(60.0)
    home.hub.process(STORY[1:2])

    assert home.hub.saved_position == 2


def lock_out(path: Path) -> sqlite3.Connection:
    """Return a connection that keeps everybody else from writing until it is closed."""
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_after_a_failed_commit_nothing_is_saved_before_a_restore(home: Home) -> None:
    """The engine is ahead of the journal then: saving it would lose the packets for ever."""
    home.hub.process(STORY[:10])
    home.journal._open().execute("PRAGMA busy_timeout = 0")
    other = lock_out(home.path)
    with pytest.raises(StoreError, match="locked"):
        home.hub.process(STORY[10:20])
    other.close()

    with pytest.raises(StoreError, match="has to be restored first"):
        home.hub.save()
    with pytest.raises(StoreError, match="has to be restored first"):
        home.hub.process(STORY[10:20])
    home.hub.restore()
    home.hub.process(STORY[10:])

    undisturbed = Home(home.path.with_name("other.sqlite"))
    undisturbed.hub.process(STORY)
    assert home.told() == undisturbed.told()
    undisturbed.journal.__exit__(None, None, None)


def test_ids_of_packets_that_were_pruned_are_not_used_again(home: Home) -> None:
    """Else a restart would look for new packets behind old ids, and find none."""
    home.hub.process(STORY[:20])
    home.hub.save()
    home.clock.advance(99 * 86_400.0)
    home.hub.prune(14.0, 1 << 40, 400.0)
    home.hub.process(STORY[20:])

    position = home.hub.position
    assert position == len(STORY)
    assert next(home.journal.packets())[0] == 21


def test_a_dog_that_was_left_out_once_keeps_its_memory(home: Home) -> None:
    """Somebody edits the settings, starts, and puts the dog back."""
    home.hub.process(STORY)
    home.hub.save()
    before = home.hub.processor.pipelines["rex"].alerts.state

    card = DogIdentity(dog="rex", name="Rex", zone="UTC")
    recorder = ResultWriter({"rex": card}, "spryhound/v1", to_influx=False)
    without = IngestService(
        lambda: StreamProcessor({}, _wearer), home.journal, recorder, home.clock, Watch()
    )
    without.restore()
    without.save()

    assert home.new_hub().processor.pipelines["rex"].alerts.state == before
