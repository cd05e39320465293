"""Canonical JSON: one text for one value, so that a digest of the text is a digest of the value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def encode(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; a `Decimal` is the number it was written as.

    Raises:
        TypeError: not JSON; a float too, because its text is not what anybody wrote.
    """
    return _text(value).encode()


def decode(data: bytes) -> Any:
    """What `encode` was given; a number with a fraction or an exponent is a `Decimal`.

    Raises:
        ValueError: not JSON.
    """
    return json.loads(data, parse_float=Decimal, parse_constant=_refuse)


def digest(data: bytes) -> str:
    """64 hex digits that identify these bytes."""
    return hashlib.sha256(data).hexdigest()


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Decimal) and value.is_finite():
        return _fraction(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_key(k)}:{_text(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(_text, value)) + "]"
    raise TypeError(f"{value!r} has no canonical JSON")


def _fraction(value: Decimal) -> str:
    """With a point or an exponent, so that it is read back as a `Decimal`."""
    digits = str(value)
    return digits if {".", "E"}.intersection(digits) else f"{digits}.0"


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} is not a key of JSON")
    return json.dumps(key, ensure_ascii=False)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number of JSON")
