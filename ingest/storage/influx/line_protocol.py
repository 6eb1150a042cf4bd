"""A point as a line of InfluxDB's line protocol, and names back.

Everything is escaped here and nowhere else. A backslash at the wrong place of a tag cannot be
written at all in that protocol, nor can a line end, so in names (tags and field keys) those and
``%`` become ``%5C``, ``%0A`` and so on. Ids and kinds hold none of them; all come back whole.
"""

import re
from urllib.parse import unquote

from ingest.ports import Point, Value

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\%]")
_SPECIAL = re.compile(r"([, =])")
_QUOTED = re.compile(r'(["\\])')


def line(point: Point) -> str:
    r"""Return a point as one line, without a line end after it.

    An empty kind is left out, since InfluxDB takes absent and empty for the same.

    Examples
    --------
    >>> line(Point(measurement="event", dog="rex", kind="jump", run="live", time_ns=7,
    ...            fields={"landing_g": 3.0, "count": 2, "sure": True, "note": 'a "b"'}))
    'event,dog=rex,kind=jump,run=live landing_g=3.0,count=2i,sure=true,note="a \\"b\\"" 7'
    """
    tags = {"dog": point.dog, "kind": point.kind, "run": point.run}
    head = [_escaped(point.measurement)]
    head += [f"{name}={_escaped(value)}" for name, value in tags.items() if value]
    fields = [f"{_escaped(name)}={_value(value)}" for name, value in point.fields.items()]
    return f"{','.join(head)} {','.join(fields)} {point.time_ns}"


def encoded_name(text: str) -> str:
    r"""Return a name as the database keeps it, which is how queries must ask for it.

    Examples
    --------
    >>> encoded_name("50 % a\\b")
    '50 %25 a%5Cb'
    """
    return _CONTROL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def decoded_name(text: str) -> str:
    """Return a name from the database as it was written.

    Examples
    --------
    >>> decoded_name("50 %25")
    '50 %'
    """
    return unquote(text, errors="strict")


def _escaped(name: str) -> str:
    return _SPECIAL.sub(r"\\\1", encoded_name(name))


def _value(value: Value) -> str:
    """Return a field's value with its type in the spelling: floats always are floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}i"
    if isinstance(value, float):
        return float.__repr__(value)
    return '"' + _QUOTED.sub(r"\\\1", value) + '"'
