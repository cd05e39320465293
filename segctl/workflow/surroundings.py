"""What stands around a difference: why it is gone, what uses it, what it was called; and renames that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from segctl.diagnostics import Diagnostic, InvalidInput, Severity
from segctl.graph import Graph, references
from segctl.load.document import Key, unchecked
from segctl.load.moved import moved_from
from segctl.plan.compare import Difference
from segctl.plan.definition import WITHOUT_MEMBERS
from segctl.plan.moves import Moves
from segctl.plan.plan import Action, Reason, Use
from segctl.state.record import Definition, Record
from segctl.ways import Edges, reached, reverse
from segctl.workflow.opened import Opened
from segctl.workflow.worlds import Applied


def check_moves(project: Opened, before: Record, moved: Moves) -> None:
    """See to it that nothing is meant to be moved from a resource of another kind.

    Raises:
        InvalidInput: something is.
    """
    wrong = list(_of_another_kind(project, before, moved))
    if wrong:
        raise InvalidInput(wrong)


def _of_another_kind(project: Opened, before: Record, moved: Moves) -> Iterator[Diagnostic]:
    leaving = {key for key in before.definitions if key not in project.defined and key not in moved.values()}
    for key in project.defined:
        document = project.definitions.documents[key]
        former = moved_from(key, document.data)
        if former is None or key in moved or key in before.definitions:
            continue
        for kind, name in sorted(leaving):
            if name == former[1] and kind != key[0]:
                summary = f"`{name}` was applied as {_a(kind)}, and a rename keeps the kind: `{key[1]}` is {_a(key[0])}"
                hint = "remove `moved`: the old one leaves and the new one enters; or keep the kind"
                yield Diagnostic("moved-from-another-kind", summary, document.span(("moved", "from")), hint=hint)


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "extension" else f"a {kind}"


def surrounded(found: Iterable[Difference], project: Opened, applied: Applied) -> tuple[Difference, ...]:
    """The differences with what they use, what uses them, and what became of them before."""
    differences = tuple(found)
    telling = any(d.action is Action.DELETE or d.moved_from for d in differences)
    was = uses_applied(applied) if telling else {}
    around = _Around(project, applied.record, was, reverse(was))
    return tuple(around.of(difference) for difference in differences)


def uses_applied(applied: Applied) -> dict[Key, tuple[Key, ...]]:
    """What each refers to itself as it is applied, by the names of now."""
    names = {old: new for new, old in applied.moved.items()}
    was = uses_of(applied.record.definitions) if applied.record else {}
    return {names.get(key, key): tuple(sorted(names.get(one, one) for one in used)) for key, used in was.items()}


def uses_of(definitions: Mapping[Key, Definition]) -> dict[Key, tuple[Key, ...]]:
    """What each refers to itself, as far as it is there."""
    return {
        key: tuple(sorted({link.key for link in references(unchecked(key, one.data)) if link.key in definitions}))
        for key, one in definitions.items()
    }


def renames_untold(found: Iterable[Difference], project: Opened, before: Record | None) -> Iterator[Diagnostic]:
    """Warnings of what leaves while something new says just the same: a rename that nobody has told."""
    differences = tuple(found)
    fresh = {(d.key[0], project.defined[d.key].deep): d.key for d in differences if d.action is Action.CREATE}
    for gone in (d for d in differences if d.action is Action.DELETE and before):
        was = before.definitions[gone.key] if before else None
        new = fresh.get((gone.key[0], was.deep)) if was else None
        if new is None or gone.key[0] in WITHOUT_MEMBERS or Reason.ARCHIVED in gone.reasons:
            continue
        kind, old = gone.key
        summary = f"the {kind} `{old}` is removed, and the new `{new[1]}` has the same meaning"
        detail = f"its members leave `{old}` and enters `{new[1]}`"
        hint = f"if it is a new name, write `moved: {{from: {old}}}` into `{new[1]}`: then no member moves"
        span = project.definitions.documents[new].span(("name",))
        yield Diagnostic("looks-renamed", summary, span, detail, hint, Severity.WARNING)


class _Around:
    """Both sides of a comparison, by who uses what."""

    def __init__(
        self, project: Opened, before: Record | None, was: Edges, users: Mapping[Key, tuple[Key, ...]]
    ) -> None:
        self._project, self._before, self._was, self._users = project, before, was, users
        self._archived = set(_put_away(project))

    def of(self, difference: Difference) -> Difference:
        key = difference.key
        if key[0] == "project":
            return difference
        if difference.action is Action.DELETE:
            archived = (Reason.ARCHIVED,) if key in self._archived else ()
            return replace(difference, reasons=archived, uses=tuple(self._was[key]), used_by=self._used_by(key))
        uses = _uses(self._project.graph, key)
        if difference.action is Action.CREATE:
            last = self._before.archived.get(key) if self._before else None
            return replace(difference, uses=uses, last_serial=last)
        used_by = self._used_by(key) if difference.moved_from else ()
        return replace(difference, uses=uses, used_by=used_by)

    def _used_by(self, key: Key) -> tuple[Use, ...]:
        graph = self._project.graph
        then, now = self._users.get(key, ()), graph.referrers.get(key, ())
        applied = reached((key,), lambda at: self._users.get(at, ()))
        defined = graph.downstream(key)
        return tuple(
            Use(user, user in then or user in now, user in applied, user in defined)
            for user in sorted({*applied, *defined})
        )


def _uses(graph: Graph, key: Key) -> tuple[Key, ...]:
    return tuple(sorted({link.key for link in graph.links.get(key, ())}))


def _put_away(project: Opened) -> Iterator[Key]:
    """What is archived on disk, also by the name that it had before."""
    for key, document in project.definitions.archived.items():
        yield key
        former = moved_from(key, document.data)
        if former is not None:
            yield former
