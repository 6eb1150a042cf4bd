"""A made-up collar: how it sits, what its sensor does to the signal, how its radio fails."""

from dataclasses import dataclass

from analysis.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """How a collar sits on the neck.

    Attributes
    ----------
    roll_deg, roll_drift_deg
        Turned about the neck at first, and how far it wanders in an hour (one sigma).
    roll_jump
        Chance that a body shake turns it, by up to 60 degrees.
    ring_hz, ring_damping, ring
        Resonance of a loose collar, and how much it adds there, 0 to 1.
    tags_per_min
        Hits of a tag in each minute on the move.
    leashed
        Whether walks are on a leash clipped to this collar.
    follow
        How much of the neck's movement the collar follows, 0.3 to 1.5; gravity is not concerned.
        Another collar, or another seat, is a step of this.
    chatter
        Jitter of the collar itself at 5-9 Hz over the movement it rides on; `chatter.RECORDED` for
        that of a recorded one.
    """

    roll_deg: float = 0.0
    roll_drift_deg: float = 10.0
    roll_jump: float = 0.2
    ring_hz: float = 12.0
    ring_damping: float = 0.3
    ring: float = 0.15
    tags_per_min: float = 2.0
    leashed: bool = False
    follow: float = 1.0
    chatter: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """What the sensor does to the signal.

    Attributes
    ----------
    range_g
        Full scale; what is beyond is clipped.
    noise_g
        White noise on each axis, root mean square.
    step_g
        Smallest step; 0 for none.
    offset_g, gain_error
        One sigma of what one sensor differs from another.
    """

    range_g: float = 8.0
    noise_g: float = 0.004
    step_g: float = 0.001
    offset_g: float = 0.02
    gain_error: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """How samples leave the collar.

    Attributes
    ----------
    batch
        Samples in a packet, 1 to 4096.
    clock
        ``"utc"`` for a collar that asks for the time, ``"uptime"`` for one that does not.
    clock_ppm
        How much an uptime clock runs fast, in millionths.
    jitter_ms
        One sigma of the time stamps.
    delay_s
        Longest time between the last sample of a packet and its arrival.
    loss
        Share of packets that never arrive.
    gaps_per_day, gap_min
        Longer losses of 1 minute to this many.
    backlog
        Whether the collar keeps what falls into such a gap and sends it afterwards as `stored`.
    reboots_per_day
        Restarts of the collar; each costs 20 s of samples.
    battery_days
        What a charge lasts.
    """

    batch: int = 50
    clock: str = "utc"
    clock_ppm: float = 50.0
    jitter_ms: float = 0.0
    delay_s: float = 0.5
    loss: float = 0.005
    gaps_per_day: float = 1.0
    gap_min: float = 10.0
    backlog: bool = False
    reboots_per_day: float = 0.0
    battery_days: float = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Collar:
    """One collar.

    Attributes
    ----------
    id
        ``[a-z0-9_-]{1,32}``.
    rate_hz
        Samples per second as the collar believes, 10 to 400.
    rate_error
        How much faster it really samples, as a share, -0.05 to 0.05.
    mounting, sensor, radio
        The rest.

    Raises
    ------
    SettingsError
        If a number is out of range.
    """

    id: str = "collar-1"
    rate_hz: float = 50.0
    rate_error: float = 0.0
    mounting: Mounting = Mounting()
    sensor: Sensor = Sensor()
    radio: Radio = Radio()

    def __post_init__(self) -> None:
        limits = (
            ("rate_hz", self.rate_hz, 10.0, 400.0),
            ("rate_error", self.rate_error, -0.05, 0.05),
            ("sensor.range_g", self.sensor.range_g, 1.0, 64.0),
            ("radio.batch", self.radio.batch, 1, 4096),
            ("radio.loss", self.radio.loss, 0.0, 1.0),
            ("radio.clock_ppm", self.radio.clock_ppm, -1000.0, 1000.0),
            ("mounting.ring", self.mounting.ring, 0.0, 1.0),
            ("mounting.follow", self.mounting.follow, 0.3, 1.5),
            ("mounting.chatter", self.mounting.chatter, 0.0, 2.0),
        )
        faults = [
            f"collar.{key} is {value}, expected {least:g} to {most:g}"
            for key, value, least, most in limits
            if not least <= value <= most
        ]
        if self.radio.clock not in {"utc", "uptime"}:
            faults.append(f"collar.radio.clock is '{self.radio.clock}', expected 'utc' or 'uptime'")
        if faults:
            raise SettingsError("\n".join(faults))

    @property
    def true_rate_hz(self) -> float:
        """Samples per second of true time."""
        return self.rate_hz * (1.0 + self.rate_error)


def ideal(collar_id: str = "collar-1", *, rate_hz: float = 50.0, batch: int = 50) -> Collar:
    """Return a collar without any fault: tight, quiet and never lost."""
    return Collar(
        id=collar_id,
        rate_hz=rate_hz,
        mounting=Mounting(roll_drift_deg=0.0, roll_jump=0.0, ring=0.0, tags_per_min=0.0),
        sensor=Sensor(range_g=16.0, noise_g=0.0, step_g=0.0, offset_g=0.0, gain_error=0.0),
        radio=Radio(batch=batch, clock_ppm=0.0, delay_s=0.0, loss=0.0, gaps_per_day=0.0),
    )
