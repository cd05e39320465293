"""Where everything of a state is stored."""

from __future__ import annotations

import re

HEAD = "head.json"
RECORDS = "records"
POPULATIONS = "populations"
MEMBERSHIPS = "memberships"
TRAITS = "traits"
FOLDERS = (TRAITS, MEMBERSHIPS, POPULATIONS, RECORDS)
"""What is published first, what says so last: in this order things are deleted."""

_OBJECT = re.compile(
    r"(?:records/(?P<serial>\d{6,})\.json|populations/[0-9a-f]{32}|memberships/[0-9a-f]{64}|traits/[0-9a-f]{64}\.parquet)"
)


def record_name(serial: int) -> str:
    """Where the record of a serial is stored."""
    return f"{RECORDS}/{serial:06}.json"


def population_name(digest: str) -> str:
    """Where the population of a digest is stored."""
    return f"{POPULATIONS}/{digest}"


def traits_name(digest: str) -> str:
    """Where the table of traits of a digest is stored."""
    return f"{TRAITS}/{digest}.parquet"


def membership_name(digest: str) -> str:
    """Where the membership of a digest is stored."""
    return f"{MEMBERSHIPS}/{digest}"


def is_object(name: str) -> bool:
    """Whether a state could have written something under this name, in one of its folders."""
    return _OBJECT.fullmatch(name) is not None


def serial_of(name: str) -> int | None:
    """The serial whose record is stored under this name; None if it is no record's."""
    found = _OBJECT.fullmatch(name)
    return int(found["serial"]) if found and found["serial"] else None
