"""Reads what a form of ours sends."""

from urllib.parse import parse_qs

from starlette.requests import Request

_LARGEST_BYTES = 4096
_MOST_FIELDS = 20


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; a large or odd body has none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
