"""Runs: a fresh home, one fault, one verdict."""

import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.testing.http_sink import HttpSink
from simulators.testing.influx_proxy import InfluxProxy
from simulators.testing.servers import Influx, Mosquitto
from tests.faults.harness.faults import FAULTS
from tests.faults.harness.rig import Rig
from tests.faults.harness.trial import Place, Trial
from tests.faults.harness.verdict import Answer, Verdict, holds, judge, undisturbed
from tests.faults.harness.warm import Warm
from tests.faults.harness.wire import Wire

MAY_LOSE_PACKETS = {"broker killed"}
"""Faults in which the broker itself may forget what it took; see docs/reliability.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: which fault from which seed, how often it was injected, how it ended.

    `moments` are the packets that were in the journal each time something was done, `stopped` the
    statements before which the daemon was ended, `folder` what is left of it.
    """

    fault: str
    seed: int
    injected: int
    moments: tuple[int, ...]
    stopped: tuple[str, ...]
    verdict: Verdict
    folder: Path

    @property
    def n_amid(self) -> int:
        """How often something was done while some packets were journalled and some were not."""
        return sum(0 < each < self.verdict.packets for each in self.moments)


class Laboratory:
    """Real servers and a loaded program for one run after the other, inside ``with``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._n_runs = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._broker = stack.enter_context(Mosquitto(folder=self._folder / "mosquitto"))
            self._influx = stack.enter_context(Influx(folder=self._folder / "influx"))
            self._warm = stack.enter_context(Warm())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, fault: str, seed: int) -> Run:
        """Run a fault from a seed; the home's folder stays only if the verdict is bad."""
        self._n_runs += 1
        name = f"trial-{self._n_runs}"
        with self.rig(name, own_broker=fault in MAY_LOSE_PACKETS) as rig:
            trial = rig.trial
            trial.begin()
            packets = FAULTS[fault](rig, random.Random(f"{fault} {seed}"))  # noqa: S311 (dice)
            answer = undisturbed(trial.home, packets)
            self._settle(fault, trial, len(packets), answer)
            if fault in MAY_LOSE_PACKETS:
                answer = undisturbed(trial.home, trial.journalled())
            verdict = judge(trial, len(packets), answer)
            told = trial.told
        if verdict.is_good:
            shutil.rmtree(trial.home.folder)
        return Run(
            fault=fault,
            seed=seed,
            injected=told.injected,
            moments=tuple(told.moments),
            stopped=tuple(told.stopped),
            verdict=verdict,
            folder=trial.home.folder,
        )

    @staticmethod
    def _settle(fault: str, trial: Trial, n_packets: int, answer: Answer) -> None:
        def is_done() -> bool:
            return trial.n_packets() == n_packets and holds(trial, answer)

        may_lose = fault in MAY_LOSE_PACKETS
        if not trial.settle(is_done, within_s=10.0 if may_lose else 60.0) and may_lose:
            trial.settle(lambda: True)

    @contextmanager
    def rig(self, name: str, *, own_broker: bool = False) -> Iterator[Rig]:
        """Set up a home and what is around it; its daemon is not started yet."""
        with ExitStack() as stack:
            broker = self._broker
            if own_broker:
                broker = stack.enter_context(Mosquitto(folder=self._folder / f"{name}-broker"))
            gate = stack.enter_context(InfluxProxy(self._influx.url, version="1.8.10"))
            wire = stack.enter_context(Wire(lambda: broker.port))
            place = Place(
                warm=self._warm,
                broker_port=wire.port,
                collar_port=broker.port,
                influx_url=gate.url,
                phone=stack.enter_context(HttpSink()),
            )
            trial = stack.enter_context(Trial(self._folder / name, name, place))
            yield Rig(trial, broker, self._influx, gate, wire)
