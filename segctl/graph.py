"""What refers to what: references, their order, the ways round, and what is up- and downstream."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from segctl.diagnostics import Diagnostic, InvalidInput, Span, did_you_mean
from segctl.load.document import Document, Draft, Key, Placed
from segctl.load.moved import moved_from
from segctl.load.project import Definitions
from segctl.model.expression import BadExpression
from segctl.model.formula import traits_of
from segctl.model.values import NAME
from segctl.model.wording import choices
from segctl.ways import Edges, groups, order, reached, reverse, shortest_way, ways_out

REFERRED = ("segment", "extension", "list", "trait")
"""The kinds that a condition can refer to, by the key of that name."""

TESTED = ("segment", "campaign", "extension")
"""The kinds whose members a test can expect."""

BESIDE = ("policy", "test")
"""The kinds that refer to others, and that nothing refers to."""

_LONGEST_WAY = 12
"""The most steps of a way round that are written out."""

_MOST_WAYS = 3
"""The most ways to what is hit by a reference that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that was there: what to say where it is still referred to."""

    code: str
    summary: str
    hint: str


_NOTHING_GONE: Mapping[Key, Gone] = MappingProxyType({})


@dataclass(frozen=True)
class Link:
    """A reference: what is referred to, and where in the document's data.

    A test names what it expects without the kind: `kinds` are all it may be, and `key` is the
    first of them, or in a graph the one that exists.
    """

    key: Key
    path: tuple[str | int, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """The references of segments, extensions, lists and campaigns.

    `order` has each of them after all that it refers to. Tests and policies are in `links` alone: they
    refer to others, and nothing refers to them.
    """

    order: tuple[Key, ...]
    links: Mapping[Key, tuple[Link, ...]]
    referrers: Mapping[Key, tuple[Key, ...]]

    def upstream(self, key: Key) -> frozenset[Key]:
        """All that a resource or a test refers to, directly or through others."""
        return reached((key,), lambda at: [link.key for link in self.links.get(at, ())])

    def downstream(self, *keys: Key) -> frozenset[Key]:
        """All resources that refer to one of these, directly or through others; no tests or policies."""
        return reached(keys, lambda at: self.referrers.get(at, ()))


def build(definitions: Definitions) -> Graph:
    """The graph of all definitions.

    Raises:
        InvalidInput: every reference that leads nowhere, and every way round.
    """
    graph, diagnostics = examine(definitions.documents, gone=put_away(definitions.documents, definitions.archived))
    if diagnostics:
        raise InvalidInput(diagnostics)
    return graph


def put_away(documents: Mapping[Key, Document], archived: Mapping[Key, Document]) -> dict[Key, Gone]:
    """What the files themselves say is gone: archived definitions, and former names."""
    gone: dict[Key, Gone] = {}
    for key, document in documents.items():
        former = moved_from(key, document.data)
        if former is not None and former not in documents:
            gone[former] = Gone("moved-reference", f"`{former[1]}` was renamed to `{key[1]}`", f"write `{key[1]}`")
    for (kind, name), document in archived.items():
        summary = f"the {kind} `{name}` is archived, and nothing can use it"
        hint = f"remove this use, or bring it back: remove `archived` at {document.key_span(('archived',))}"
        gone[kind, name] = Gone("archived-reference", summary, hint)
    return gone


def examine(
    documents: Mapping[Key, Document],
    drafts: Mapping[Key, Draft] = MappingProxyType({}),
    names: Collection[str] = (),
    gone: Mapping[Key, Gone] = _NOTHING_GONE,
) -> tuple[Graph, list[Diagnostic]]:
    """The graph of what can be resolved, and what is wrong.

    References to the `names` of files that cannot be read are let be. The `drafts` are no part of
    the graph, but can be referred to, and what they refer to must be there. `gone` says more of
    references that lead nowhere.
    """
    known = frozenset((*documents, *drafts))
    links: dict[Key, tuple[Link, ...]] = {}
    doubted: list[tuple[Link, Placed]] = []
    for key, document in (*documents.items(), *drafts.items()):
        found = [_resolve(link, known) for link in references(document)]
        if key in documents:
            links[key] = tuple(link for link in found if link.key in documents)
        doubted += [(link, document) for link in found if link.key[1] not in names]
    diagnostics: list[Diagnostic] = []
    edges = {key: sorted({link.key for link in links[key]}) for key in documents if key[0] not in BESIDE}
    sequence = order(edges)
    graph = Graph(sequence, links, reverse(edges))
    for link, document in doubted:
        lost = next((gone[kind, link.key[1]] for kind in link.kinds if (kind, link.key[1]) in gone), None)
        if lost and link.key not in known:
            diagnostics.append(_lost(lost, link, document, graph))
        else:
            diagnostics += _faults(link, document, known)
    if len(sequence) < len(edges):
        diagnostics += _ways_round(edges, documents, links)
    return graph, diagnostics


# --- references -------------------------------------------------------------------------------


def references(document: Placed) -> tuple[Link, ...]:
    """All that a document refers to, in the order in which it is written; what is no name is left out."""
    data = document.data
    found: Iterable[Link] = ()
    if document.key[0] == "segment":
        found = (*_conditions(data.get("where"), ("where",)), *_conditions(data.get("exclude"), ("exclude",)))
    elif document.key[0] == "campaign":
        found = _audience(data.get("audience"))
    elif document.key[0] == "trait":
        found = _formula(data.get("formula"))
    elif document.key[0] == "test":
        found = _tested(data)
    elif document.key[0] == "policy":
        found = _conditions(data.get("audience_implies"), ("audience_implies",))
    return tuple(link for link in found if _is_name(link.key[1]))


def _is_name(name: object) -> bool:
    return isinstance(name, str) and re.fullmatch(NAME, name) is not None


def _conditions(data: object, path: tuple[str | int, ...]) -> Iterator[Link]:
    """The references in a condition or a list of them."""
    waiting = [(data, path)]
    while waiting:
        data, path = waiting.pop()
        if isinstance(data, list):
            waiting.extend((item, (*path, i)) for i, item in reversed(list(enumerate(data))))
        elif isinstance(data, Mapping):
            waiting.extend((data[head], (*path, head)) for head in ("all", "any", "not") if head in data)
            yield from (Link((kind, data[kind]), (*path, kind), (kind,)) for kind in REFERRED if kind in data)
            if data.get("did") == "in_control" and "campaign" in data:
                yield from _controlled(data["campaign"], (*path, "campaign"))


def _controlled(names: Any, path: tuple[str | int, ...]) -> Iterator[Link]:
    """The campaigns whose control group is meant: their audiences are needed."""
    if isinstance(names, list):
        yield from (Link(("campaign", name), (*path, i), ("campaign",)) for i, name in enumerate(names))
    else:
        yield Link(("campaign", names), path, ("campaign",))


def _formula(data: object) -> Iterator[Link]:
    """The traits of a formula; one that cannot be read has none."""
    if isinstance(data, str):
        with suppress(BadExpression):
            yield from (Link(("trait", name), ("formula",), ("trait",)) for name in traits_of(data))


def _audience(data: object) -> Iterator[Link]:
    if not isinstance(data, Mapping):
        return
    for part in ("include", "exclude"):
        names = data.get(part)
        for i, name in enumerate(names if isinstance(names, list) else ()):
            yield Link(("segment", name), ("audience", part, i), ("segment",))
    yield from _conditions(data.get("where"), ("audience", "where"))


def _tested(data: Mapping[str, object]) -> Iterator[Link]:
    given = data.get("given")
    for part, kind in (("lists", "list"), ("extensions", "extension")):
        for name in _keys(given.get(part)) if isinstance(given, Mapping) else ():
            yield Link((kind, name), ("given", part, name), (kind,))
    expect = data.get("expect")
    for name in _keys(expect):
        yield Link((TESTED[0], name), ("expect", name), TESTED)


def _keys(data: object) -> Collection[str]:
    """The keys of a mapping; of anything else none."""
    return data if isinstance(data, Mapping) else ()


def _resolve(link: Link, known: Collection[Key]) -> Link:
    """The link to the first of its kinds that exists."""
    name = link.key[1]
    return next((Link((kind, name), link.path, link.kinds) for kind in link.kinds if (kind, name) in known), link)


def _faults(link: Link, document: Placed, known: Collection[Key]) -> Iterator[Diagnostic]:
    """What is wrong with a reference, if anything."""
    name = link.key[1]
    matches = [kind for kind in link.kinds if (kind, name) in known]
    span = _span(document, link)
    if len(matches) > 1:
        summary = f"`{name}` is a {' and a '.join(matches)}, and the reference is ambiguous"
        yield Diagnostic("ambiguous-reference", summary, span, hint="rename one of them")
    elif not matches:
        others = sorted(kind for kind, other in known if other == name and kind != "test")
        if others:
            summary = f"`{name}` is {_a(others[0])}, not {_a(_either(link.kinds))}"
            yield Diagnostic("wrong-kind", summary, span, hint=_other_kind(link, others[0]))
        else:
            hint = did_you_mean(name, [other for kind, other in known if kind in link.kinds])
            hint = hint or f"add it as a definition of `kind: {link.kinds[0]}`, or fix the name"
            yield Diagnostic("missing-reference", f"there is no {_either(link.kinds)} named `{name}`", span, hint=hint)


def _lost(gone: Gone, link: Link, document: Placed, graph: Graph) -> Diagnostic:
    """A reference to what was there, and all that it reaches by it."""
    ways = () if document.key[0] == "test" else ways_out(document.key, lambda key: graph.referrers.get(key, ()))
    lines = [f"used by {_written_way([shown(key) for key in way])}" for way in ways[:_MOST_WAYS]]
    lines += [f"and {len(ways) - _MOST_WAYS:,} more"] if len(ways) > _MOST_WAYS else []
    return Diagnostic(gone.code, gone.summary, _span(document, link), "\n".join(lines), gone.hint)


def shown(key: Key) -> str:
    """A name, with its kind unless it is a segment's."""
    return key[1] if key[0] == "segment" else " ".join(key)


def _either(kinds: Sequence[str]) -> str:
    return " or ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "extension" else f"a {kind}"


def _other_kind(link: Link, kind: str) -> str:
    """How to refer to a resource of this kind from where the link stands."""
    name, part = link.key[1], link.path[0]
    if part == "given":
        return f"write it under `{kind}s`" if kind in ("list", "extension") else "remove it: a test computes it"
    if part == "expect":
        return f"expect the members of {_a(_either(TESTED))} that uses it"
    if kind not in REFERRED:
        return f"a condition refers to {choices(REFERRED)} by its name"
    if link.path[-1] == link.key[0]:
        return f"write `{kind}: {name}`"
    return f"write `{kind}: {name}` under `where` of the audience, or into a segment that the audience names"


def _span(document: Placed, link: Link) -> Span | None:
    """Where the name is written: in a test it is a key."""
    return document.key_span(link.path) if link.path[0] in ("given", "expect") else document.span(link.path)


# --- order and ways round ---------------------------------------------------------------------


def _ways_round(
    edges: Edges, documents: Mapping[Key, Document], links: Mapping[Key, Sequence[Link]]
) -> Iterator[Diagnostic]:
    """One diagnostic for each group of resources that all refer to one another."""
    for group in groups(edges):
        way = shortest_way(min(group), edges, group)
        steps = [(key, _first_link(links[key], target), documents[key]) for key, target in itertools.pairwise(way)]
        span = _span(steps[0][2], steps[0][1])
        hint = "remove one of these uses"
        if len(steps) == 1:
            yield Diagnostic("cycle", f"`{way[0][1]}` uses itself", span, hint="remove this use")
            continue
        uses = (f"`{key[1]}` uses `{link.key[1]}` at {_span(document, link)}" for key, link, document in steps)
        detail = "\n".join(itertools.islice(uses, _LONGEST_WAY))
        yield Diagnostic("cycle", f"circular reference: {_written_way([name for _, name in way])}", span, detail, hint)


def _first_link(links: Iterable[Link], target: Key) -> Link:
    return next(link for link in links if link.key == target)


def _written_way(names: list[str]) -> str:
    if len(names) > _LONGEST_WAY + 2:
        names[_LONGEST_WAY:-1] = [f"... {len(names) - _LONGEST_WAY - 1:,} more ..."]
    return " -> ".join(names)
