"""Results for machines: JSON, two spaces deep, fractions with the digits they were written with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal


def dumps(data: object) -> str:
    """The text, ended by a line's end.

    Raises:
        TypeError: something that is not plain data.
    """
    return "".join(_parts(data, "\n")) + "\n"


def _parts(value: object, line: str) -> Iterator[str]:
    """The pieces of a value; `line` is a line's end with the indentation of where it stands."""
    inner = line + "  "
    if isinstance(value, Mapping):
        yield from _block("{}", line, ((f"{_text(str(key))}: ", item) for key, item in value.items()), inner)
    elif isinstance(value, list | tuple):
        yield from _block("[]", line, (("", item) for item in value), inner)
    elif isinstance(value, Decimal):
        yield str(value)
    else:
        yield _text(value)


def _block(brackets: str, line: str, items: Iterator[tuple[str, object]], inner: str) -> Iterator[str]:
    first = True
    yield brackets[0]
    for label, item in items:
        yield f"{'' if first else ','}{inner}{label}"
        yield from _parts(item, inner)
        first = False
    yield brackets[1] if first else f"{line}{brackets[1]}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
