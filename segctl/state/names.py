"""Where everything of a state is stored."""

from __future__ import annotations

import re

HEAD = "head.json"
RECORDS = "records"
POPULATIONS = "populations"
MEMBERSHIPS = "memberships"
TRAITS = "traits"
ERASURES = "erasures"
FOLDERS = (TRAITS, MEMBERSHIPS, POPULATIONS, ERASURES, RECORDS)
"""What is published first, what says so last: in this order things are deleted.

A new folder needs an entry in `search.SEARCHED`, so that `segctl forget` knows what it holds of users.
"""

_OBJECT = re.compile(
    r"(?:records/(?P<serial>\d{6,})(?:-(?P<chain>[1-9]\d*))?\.json|populations/[0-9a-f]{32}|memberships/[0-9a-f]{64}"
    r"|traits/[0-9a-f]{64}\.parquet|erasures/[0-9a-f]{64}\.json)"
)


def record_name(serial: int, chain: int = 0) -> str:
    """Where the record of a serial is stored; `chain` is how often all records were rewritten (`Head.erasures`)."""
    return f"{RECORDS}/{serial:06}{f'-{chain}' if chain else ''}.json"


def population_name(digest: str) -> str:
    """Where the population of a digest is stored."""
    return f"{POPULATIONS}/{digest}"


def traits_name(digest: str) -> str:
    """Where the table of traits of a digest is stored."""
    return f"{TRAITS}/{digest}.parquet"


def membership_name(digest: str) -> str:
    """Where the membership of a digest is stored."""
    return f"{MEMBERSHIPS}/{digest}"


def erasures_name(digest: str) -> str:
    """Where the list of erasures of a digest is stored."""
    return f"{ERASURES}/{digest}.json"


def is_object(name: str) -> bool:
    """Whether a state could have written something under this name, in one of its folders."""
    return _OBJECT.fullmatch(name) is not None


def serial_of(name: str) -> int | None:
    """The serial whose record is stored under this name; None if it is no record's."""
    found = _OBJECT.fullmatch(name)
    return int(found["serial"]) if found and found["serial"] else None


def chain_of(name: str) -> int:
    """Which chain of records a record's name belongs to; 0 of any other name."""
    found = _OBJECT.fullmatch(name)
    return int(found["chain"]) if found and found["chain"] else 0
