"""The prebuilt segments: the levels of engagement, there without any file (law 13)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from segctl.diagnostics import SegctlError, did_you_mean
from segctl.load.document import Document, Key, restore

LEVELS = ("most", "somewhat", "least", "everyone_else")
"""From the most engaged to those who were sent nothing."""

_KIND = "engagement"
_BEFORE = ".previous"


def current(level: str) -> Key:
    """The level as of the last Monday."""
    return _KIND, level


def previous(level: str) -> Key:
    """The level as of the Monday before that."""
    return _KIND, f"{level}{_BEFORE}"


def _prebuilt() -> dict[Key, Document]:
    found = {}
    for level in LEVELS:
        for key, period in ((current(level), "current"), (previous(level), "previous")):
            data = {"kind": "segment", "name": level, "where": {"engagement": level, "period": period}}
            found[key] = restore(data)
    return found


PREBUILT: Mapping[Key, Document] = MappingProxyType(_prebuilt())
"""All of them, by what they are called on a command line: `engagement.most`, `engagement.most.previous`."""


def level_named(name: str) -> Key | None:
    """The level that is meant; None if the name is something else's.

    Raises:
        SegctlError: it is a level's, and there is none of that name.
    """
    kind, _, level = name.partition(".")
    if kind == _KIND and (kind, level) not in PREBUILT:
        levels = [".".join(key) for key in PREBUILT]
        hint = did_you_mean(name, levels) or f"the levels are {', '.join(f'`{key}`' for key in levels)}"
        raise SegctlError(f"there is no `{name}`", hint=hint)
    return (kind, level) if kind == _KIND else None
