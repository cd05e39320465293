"""`moved: {from: old_name}`: what a definition was called before, and what cannot be right about that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segctl.diagnostics import Diagnostic, Span
from segctl.load.document import Document, Key

_FROM = ("moved", "from")


def moved_from(key: Key, data: Mapping[str, object]) -> Key | None:
    """What a definition was before it got its name; None where it does not say."""
    moved = data.get("moved")
    name = moved.get("from") if isinstance(moved, Mapping) else None
    return (key[0], name) if isinstance(name, str) else None


def faults(documents: Iterable[Document], there: Mapping[Key, Span]) -> Iterator[Diagnostic]:
    """What is wrong with the renames of all definitions; `there` is where each that exists has its name."""
    renamed = {document.key: (old, document) for document in documents if (old := _former(document))}
    taken: dict[Key, Span | None] = {}
    for key in sorted(renamed):
        old, document = renamed[key]
        span = document.span(_FROM)
        way = _way_round(key, {new: former for new, (former, _) in renamed.items()})
        if way:
            if key == min(way):
                yield _round(way, span)
        elif old in there:
            yield _still_there(key, old, span, there[old])
        elif old in taken:
            yield _twice(old, span, taken[old])
        else:
            taken[old] = span


def _former(document: Document) -> Key | None:
    return moved_from(document.key, document.data)


def _way_round(key: Key, former: Mapping[Key, Key]) -> list[Key]:
    """From a definition back through its former names to itself; empty if they do not go round."""
    way = [key]
    while way[-1] in former and len(way) <= len(former):
        before = former[way[-1]]
        if before == key:
            return way
        way.append(before)
    return []


def _round(way: list[Key], span: Span | None) -> Diagnostic:
    name = way[0][1]
    if len(way) == 1:
        return Diagnostic("moved-round", f"`{name}` cannot be moved from itself", span, hint="remove `moved`")
    names = " <- ".join(key[1] for key in (*way, way[0]))
    hint = "rename over two applies, by way of a name that is free"
    return Diagnostic("moved-round", f"definitions change names with each other: {names}", span, hint=hint)


def _still_there(key: Key, old: Key, span: Span | None, there: Span) -> Diagnostic:
    kind, name = old
    summary = f"`{key[1]}` says that it was moved from `{name}`, and the {kind} `{name}` is still there"
    hint = "remove `moved`, where the rename has been applied already or none is meant; else remove the old definition"
    return Diagnostic("moved-still-there", summary, span, f"`{name}` is at {there}", hint)


def _twice(old: Key, span: Span | None, first: Span | None) -> Diagnostic:
    summary = f"two definitions are moved from the {old[0]} `{old[1]}`"
    hint = "its members and its history can move to one of them: remove `moved` from the other"
    return Diagnostic("moved-twice", summary, span, f"the first one is at {first}" if first else "", hint)
