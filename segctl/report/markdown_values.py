"""Fields of definitions in a comment: values that could say who somebody is are counted, never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.plan.plan import FieldChange
from segctl.report.markdown_text import code
from segctl.report.text import plural
from segctl.report.values import inline

MOST_LISTED = 3
"""Of a list of values that gains or loses more of them only their number is told."""

_LISTS = frozenset({"is", "is_not", "in", "not_in", "includes_any", "includes_all", "includes_none"})
_ELEMENT = re.compile(r"(.*)\[\d+\]")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_DIGITS = re.compile(r"(?:\D*\d){6}")
_TOKEN = re.compile(r"(?=.*\d)[\w-]{12,}|[0-9a-fA-F]{12,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_HIDDEN = "(hidden: could name somebody)"


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
    return path.rpartition(".")[2] in _LISTS


def _hides(path: str, change: FieldChange) -> bool:
    key = path.rpartition(".")[2]
    return any(_shown(value, key) != value for value in (change.before, change.after))


def _field(change: FieldChange) -> str:
    key = (_ELEMENT.fullmatch(change.path) or [change.path, change.path])[1].rpartition(".")[2]
    before, after = (None if v is None else code(inline(_shown(v, key))) for v in (change.before, change.after))
    if before is None:
        return f"- {code(change.path)}: {after} (new)"
    if after is None:
        return f"- {code(change.path)}: {before} (removed)"
    return f"- {code(change.path)}: {before} → {after}"


def _shown(value: object, key: str) -> object:
    """The value as a comment may show it; `key` is what it is compared by."""
    if isinstance(value, Mapping):
        return {name: _shown(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return _list(list(value), key)
    if isinstance(value, str):
        return _HIDDEN if _names(value, key) else value
    if key in _LISTS and isinstance(value, int) and len(str(value)) >= 5:  # noqa: PLR2004 shorter ones are amounts
        return _HIDDEN
    return value


def _list(values: list[object], key: str) -> list[object]:
    shown = [_shown(value, key) for value in values]
    if key in _LISTS and (len(shown) > MOST_LISTED or shown != values):
        return [f"{plural(len(values), 'value')}"]
    return shown


def _names(text: str, key: str) -> bool:
    """Whether it looks like an address or an id; an owner's name is for everybody."""
    if key in {"owner", "name", "segment", "extension", "list", "campaign", "trait", "event"} or _DATE.fullmatch(text):
        return False
    if _MAIL.search(text):
        return True
    return key in _LISTS and bool(_DIGITS.match(text) or _TOKEN.fullmatch(text))
