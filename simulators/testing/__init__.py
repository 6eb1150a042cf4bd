"""Servers, faults and harnesses for tests; not part of the wheel."""
