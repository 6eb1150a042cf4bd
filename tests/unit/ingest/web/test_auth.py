"""Who is let in, for how long, and how often one may try."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.auth import SESSION_S, LoginMiddleware
from ingest.web.security import RateLimit, RateLimitSettings
from simulators.testing.fakes import ManualClock

PASSWORD = "correct horse battery"  # noqa: S105  # of nobody


def test_a_session_outlives_a_restart_and_ends_after_thirty_days() -> None:
    clock = ManualClock(1e9)
    session = LoginMiddleware(PASSWORD, clock).new_session()
    after_restart = LoginMiddleware(PASSWORD, clock)
    assert after_restart.is_session(session)

    clock.advance(SESSION_S - 1.0)
    assert after_restart.is_session(session)
    clock.advance(1.0)

    assert not after_restart.is_session(session)


def test_a_new_password_ends_all_sessions() -> None:
    clock = ManualClock(1e9)
    session = LoginMiddleware(PASSWORD, clock).new_session()

    assert not LoginMiddleware("another horse battery", clock).is_session(session)


@given(st.text())
def test_no_text_is_a_session_or_opens(text: str) -> None:
    door = LoginMiddleware(PASSWORD, ManualClock(1e9))

    assert not door.is_session(text)
    assert not door.opens(text, "a")
    assert not door.opens_to(text, "a")
    assert not door.opens_to(f"Basic {text}", "a")


def test_ten_wrong_passwords_then_one_every_half_minute() -> None:
    clock = ManualClock(1e9)
    door = LoginMiddleware(PASSWORD, clock)
    for _ in range(10):
        assert door.wait_s("a") == 0.0
        assert not door.opens("wrong", "a")

    assert door.wait_s("a") == pytest.approx(30.0)
    assert door.wait_s("b") == 0.0
    clock.advance(30.0)
    assert door.wait_s("a") == 0.0


def test_the_right_password_costs_nothing() -> None:
    door = LoginMiddleware(PASSWORD, ManualClock(1e9))
    assert all(door.opens(PASSWORD, "a") for _ in range(100))

    assert door.wait_s("a") == 0.0


def test_many_addresses_together_get_no_more_than_sixty_tries() -> None:
    door = LoginMiddleware(PASSWORD, ManualClock(1e9))
    for number in range(60):
        assert door.wait_s(f"10.0.0.{number}") == 0.0
        door.opens("wrong", f"10.0.0.{number}")

    assert door.wait_s("10.0.0.99") > 0.0


def test_a_household_of_ipv6_is_one_address() -> None:
    allowance = RateLimit(RateLimitSettings(most=2, every_s=10.0), ManualClock(1e9))
    allowance.spend("2001:db8::1")
    allowance.spend("2001:db8::2")

    assert allowance.wait_s("2001:db8::3") == pytest.approx(10.0)
    assert allowance.wait_s("2001:db8:0:1::3") == 0.0


def test_the_memory_for_addresses_is_bounded() -> None:
    allowance = RateLimit(RateLimitSettings(most=1, every_s=10.0), ManualClock(1e9))
    for number in range(5000):
        allowance.spend(f"host-{number}")

    assert len(allowance._spent) == 1024
    assert allowance.wait_s("host-4999") > 0.0
