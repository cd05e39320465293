"""Names in the rows of a test that are probably meant for others: what nobody reads looks like what somebody does."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping

from segctl.diagnostics import Diagnostic, Severity
from segctl.edges.guess import guess
from segctl.load.document import Document
from segctl.logic.nodes import Expression, Node
from segctl.logic.types import Schema
from segctl.model.project import Project

Rows = Iterable[Mapping[str, object]]

_ALIKE = 0.8
"""Other columns than those that are read may well be given: only what is nearly the same is told."""


def misspelt(
    document: Document, given: Schema, project: Project, logic: tuple[Iterable[Node], Iterable[Expression]]
) -> Iterator[Diagnostic]:
    """Warnings for names that no condition and no trait reads, where one reads a name like them."""
    conditions, traits = logic
    read = guess(conditions, project, traits)
    rows = document.data["given"]
    users = rows.get("users", []) if isinstance(rows, Mapping) else []
    events = rows.get("events", []) if isinstance(rows, Mapping) else []
    yield from _columns(document, users, given.users, read.users, "users")
    for number, row in enumerate(events):
        name = str(row["event"])
        hint = "" if name in read.events else _meant(name, read.events.keys() - given.events.keys())
        if hint:
            yield _warning(document, f"no condition reads the event `{name}`", ("events", number, "event"), hint)
    for name in given.events.keys() & read.events.keys():
        own = [row if row["event"] == name else {} for row in events]
        yield from _columns(document, own, given.events[name], read.events[name], "events")


def _columns(
    document: Document, rows: Rows, given: Collection[str], read: Collection[str], part: str
) -> Iterator[Diagnostic]:
    """Each strange name once, where it stands first."""
    missing = [name for name in read if name not in given]
    strange = {name: hint for name in given if name not in read and (hint := _meant(name, missing))}
    for number, row in enumerate(rows):
        for name in [name for name in strange if name in row]:
            yield _warning(document, f"no condition reads `{name}`", (part, number, name), strange.pop(name))


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=_ALIKE)
    return f"did you mean `{near[0]}`?" if near else ""


def _warning(document: Document, summary: str, place: tuple[str | int, ...], hint: str) -> Diagnostic:
    span = document.key_span(("given", *place))
    return Diagnostic("unread-name", summary, span, "", hint, Severity.WARNING)
