"""Fields of definitions in a comment: values that could say who somebody is are counted, never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from segctl.plan.discretion import LISTS, MOST_LISTED, public
from segctl.plan.plan import FieldChange
from segctl.report.markdown_text import code
from segctl.report.text import plural
from segctl.report.values import inline

_ELEMENT = re.compile(r"(.*)\[\d+\]")


def fields(diff: Iterable[FieldChange]) -> Iterator[str]:
    """A line for every field; of long lists, and lists of what could be ids, one with the numbers."""
    for path, group in _grouped(diff):
        lists = _values_of(path)
        if lists and (len(group.changes) > MOST_LISTED or any(_hides(path, change) for change in group.changes)):
            yield f"- {code(path)}: {', '.join(group.counted())}"
        else:
            yield from (_field(change) for change in group.changes)


@dataclass
class _Group:
    """Changes of the elements of one list, or of one field."""

    changes: list[FieldChange] = field(default_factory=list)

    def counted(self) -> Iterator[str]:
        added = sum(change.before is None for change in self.changes)
        removed = sum(change.after is None for change in self.changes)
        changed = len(self.changes) - added - removed
        for number, what in ((added, "added"), (removed, "removed"), (changed, "replaced")):
            if number:
                yield f"{plural(number, 'value')} {what}"


def _grouped(diff: Iterable[FieldChange]) -> Iterator[tuple[str, _Group]]:
    groups: dict[str, _Group] = {}
    for change in diff:
        found = _ELEMENT.fullmatch(change.path)
        above = found[1] if found and _values_of(found[1]) else change.path
        groups.setdefault(above, _Group()).changes.append(change)
    yield from groups.items()


def _values_of(path: str) -> bool:
    """Whether it is a list of values to compare with."""
    return path.rpartition(".")[2] in LISTS


def _hides(path: str, change: FieldChange) -> bool:
    key = path.rpartition(".")[2]
    return any(public(value, key) != value for value in (change.before, change.after))


def _field(change: FieldChange) -> str:
    key = (_ELEMENT.fullmatch(change.path) or [change.path, change.path])[1].rpartition(".")[2]
    before, after = (None if v is None else code(inline(public(v, key))) for v in (change.before, change.after))
    if before is None:
        return f"- {code(change.path)}: {after} (new)"
    if after is None:
        return f"- {code(change.path)}: {before} (removed)"
    return f"- {code(change.path)}: {before} → {after}"
