"""What the state remembers of resources that are on disk no more: what to say where they are still used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segctl.graph import Gone
from segctl.load.document import Key
from segctl.load.project import Survey
from segctl.plan.definition import logic
from segctl.plan.diff import form
from segctl.state.record import Record

_CODE = "removed-reference"


def gone(surveyed: Survey, record: Record) -> dict[Key, Gone]:
    """What was applied and is not on disk any more, by what became of it."""
    there = {*surveyed.documents, *surveyed.drafts, *surveyed.archived}
    found = {old: told for old, told in _renamed(record) if old not in there}
    last = {**record.archived, **dict.fromkeys(record.definitions, record.serial)}
    same = _same(surveyed, record)
    return found | {key: _removed(key, serial, same.get(key)) for key, serial in last.items() if key not in there}


def _removed(key: Key, serial: int, same: str | None) -> Gone:
    kind, name = key
    if same is None:
        mend = f"if it has another name now, write `moved: {{from: {name}}}` into its definition"
    else:
        mend = f"`{same}` has the same meaning: if that is its new name, write `moved: {{from: {name}}}` into it"
    summary = f"the {kind} `{name}` was removed (applied until serial {serial})"
    return Gone(_CODE, summary, f"bring its definition back, or remove this use; {mend}")


def _renamed(record: Record) -> Iterator[tuple[Key, Gone]]:
    """Names that resources had before."""
    for old, (kind, name), last in record.renames():
        summary = f"the {kind} `{old[1]}` is `{name}` since serial {last + 1}"
        yield old, Gone(_CODE, summary, f"write `{name}`")


def _same(surveyed: Survey, record: Record) -> Mapping[Key, str]:
    """Definitions that are new on disk and say what a removed one said."""
    fresh = [(key, one.data) for key, one in surveyed.documents.items() if key not in record.definitions]
    told = {(key[0], form(logic(data))): key[1] for key, data in fresh if key[0] != "test"}
    removed = ((key, one.data) for key, one in record.definitions.items() if key not in surveyed.documents)
    named = ((key, told.get((key[0], form(logic(data))))) for key, data in removed)
    return {key: name for key, name in named if name is not None}
