"""What is remembered of erasures: when, who, why, how many users; never which ones.

Neither an id nor a digest of one is kept: ids are few enough to try them all against a digest, salted or not,
for whoever reads the state would read the salt too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segctl.state import canonical, instants
from segctl.state.record import Author
from segctl.state.written import Unreadable


@dataclass(frozen=True, slots=True)
class Erasure:
    """The tombstone of one erasure: so many users were removed from all serials up to `serial`."""

    erased_us: int
    author: Author
    users: int
    serial: int
    reason: str = ""


def write(listed: Sequence[Erasure]) -> tuple[bytes, str]:
    """The bytes of a list of erasures, and the digest that names it."""
    data = canonical.encode([_to_json(erasure) for erasure in listed])
    return data, canonical.digest(data)


def read(data: bytes, digest: str) -> tuple[Erasure, ...]:
    """The list of erasures of this digest; `Unreadable` if one byte of it is another."""
    if canonical.digest(data) != digest:
        raise Unreadable("its content does not match its digest")
    try:
        return tuple(_from_json(written) for written in canonical.decode(data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("it is not a list of erasures of this version") from error


def _to_json(erasure: Erasure) -> dict[str, object]:
    author = erasure.author
    return {
        "erased": instants.to_text(erasure.erased_us), "users": erasure.users, "serial": erasure.serial,
        "reason": erasure.reason, "who": author.who, "host": author.host, "commit": author.commit, "run": author.run,
    }  # fmt: skip


def _from_json(written: Any) -> Erasure:
    author = Author(written["who"], written["host"], written["commit"], written["run"])
    erased_us = instants.from_text(written["erased"])
    return Erasure(erased_us, author, int(written["users"]), int(written["serial"]), written["reason"])
