"""YAML text -> documents as trees of nodes, read from the parser's events without recursion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from segctl.diagnostics import Diagnostic, Span
from segctl.load.node import Node, Place
from segctl.load.scalar import CORE, Unusable, plain_value, quoted_value, shown_tag, tagged_value
from segctl.load.syntax import MOST_TOLD, explain, more_than_told
from segctl.model.wording import quoted

DEEPEST = 100
"""The most levels of lists and mappings inside one another."""

MOST_ALIASED = 100_000
"""The most nodes that aliases may add to a file."""

MOST_VALUES = 100_000
"""The most values that a file may hold: it takes about a second to read so many."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML has it; the other one reads the same, slower."""


@dataclass(frozen=True)
class Parsed:
    """The documents of a file that are not empty, and all that is wrong with its YAML.

    `flawed` are the documents, by number from 0, in which something has been left out. `names` are
    what a file that could not be read to its end may define: nobody can tell.
    """

    documents: tuple[Node, ...]
    diagnostics: tuple[Diagnostic, ...]
    flawed: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()


def parse(text: str, file: str, loader: Any = LOADER) -> Parsed:
    """Read all documents of a text; never raises for what a user wrote."""
    builder = _Builder(file)
    whole = False
    try:
        for event in _events(text, loader):
            builder.take(event)
        whole = True
    except yaml.YAMLError as error:
        builder.diagnostics.append(explain(error, text, file))
    except _Stop as stop:
        builder.diagnostics.append(stop.diagnostic)
    names = frozenset() if whole else frozenset(re.findall(r"^[- \t{]*name:[ \t]*([a-z]\w*)", text, re.MULTILINE))
    return Parsed(tuple(builder.documents), tuple(builder.diagnostics), frozenset(builder.flawed), names)


def _events(text: str, loader: Any) -> Iterator[Any]:
    parser = loader(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


class _Stop(Exception):
    """Something that makes reading the rest of the file senseless."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


_LEFT_OUT = object()
"""The pending key of a value that is read and left out."""


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `key` is the one whose value comes next, if any."""

    node: Node
    key: object = None


@dataclass
class _Builder:
    """Events in, nodes out; a mapping's children come as key, value, key, value."""

    file: str
    documents: list[Node] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    values: int = 0
    aliased: int = 0
    flawed: set[int] = field(default_factory=set)

    def take(self, event: Any) -> None:
        """Read one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}

    def _scalar(self, event: Any) -> None:
        node = Node(_place(event), None)
        try:
            if event.tag is not None:
                node.data = tagged_value(event.tag, event.value)
            else:
                node.data = (plain_value if event.implicit[0] else quoted_value)(event.value)
        except Unusable as wrong:
            node.data, node.spoiled = event.value, True
            self._say(wrong.code, wrong.summary, node.place, wrong.hint)
        node.hollow = node.data is None
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self._add(node, plain_text=event.value if event.implicit[0] else None)

    def _open(self, event: Any) -> None:
        is_list = isinstance(event, yaml.SequenceStartEvent)
        place = _place(event)
        self._check_depth(1, place)
        known_tags = (None, "!", CORE + ("seq" if is_list else "map"))
        if event.tag not in known_tags:
            hint = "remove the tag"
            self._say("unknown-tag", f"{shown_tag(event.tag)} is not a tag of YAML's core schema", place, hint)
        node = Node(place, [], []) if is_list else Node(place, {}, {}, {})
        node.spoiled = event.tag not in known_tags
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self.stack.append(_Open(node))

    def _close(self) -> None:
        self._add(self.stack.pop().node)

    def _alias(self, event: Any) -> None:
        place = _place(event)
        node = self.anchors.get(event.anchor)
        if node is None:
            hint = "an anchor is written before its aliases; put the text in quotes if it is no alias"
            self._say("unknown-alias", f"no anchor is named {quoted('&' + event.anchor)}", place, hint)
            node = Node(place, None, spoiled=True)
        elif any(node is part.node for part in self.stack):
            self._say(
                "recursive-alias", f"{quoted('*' + event.anchor)} is inside its own anchor", place, "write it out"
            )
            node = Node(place, None, spoiled=True)
        self.aliased += node.size
        if self.aliased > MOST_ALIASED:
            summary = f"the aliases of the file add up to more than {MOST_ALIASED:,} values"
            raise _Stop(Diagnostic("alias-bomb", summary, self._span(place), hint="write out what is needed"))
        self._check_depth(node.height, place)
        self._add(node)

    def _add(self, node: Node, plain_text: str | None = None) -> None:
        """Put a finished node where it belongs; `plain_text` is what an unquoted scalar was written as."""
        self.values += 1
        if self.values > MOST_VALUES:
            summary = f"the file holds more than {MOST_VALUES:,} values"
            hint = "keep ids and data in files of their own: `kind: list` reads ids from a file"
            raise _Stop(Diagnostic("too-many-values", summary, self._span(node.place), hint=hint))
        if not self.stack:
            if node.data is not None:
                self.documents.append(node)
            return
        part = self.stack[-1]
        parent = part.node
        if isinstance(parent.children, list):
            parent.children.append(node)
            parent.data.append(node.data)
        elif part.key is None:
            part.key = self._key(parent, node, plain_text)
            return
        elif isinstance(part.key, str) and isinstance(parent.children, dict):
            parent.children[part.key] = node
            parent.data[part.key] = node.data
        part.key = None
        parent.size += node.size
        parent.hollow = parent.hollow or node.hollow
        parent.height = max(parent.height, node.height + 1)

    def _key(self, parent: Node, node: Node, plain_text: str | None) -> object:
        """The key that a node is; one that cannot be used is diagnosed, and its value left out."""
        key = node.data
        if node.spoiled:
            parent.spoiled = True
            return _LEFT_OUT
        if plain_text == "<<":
            hint = "write the keys out: YAML 1.2 has no merge keys"
            return self._leave_out(parent, node, "merge-key", "`<<` merges nothing", hint)
        if not isinstance(key, str):
            shown = quoted(plain_text) if plain_text else "nothing" if key is None else "this"
            quotable = plain_text and key is not None
            hint = f'put it in quotes: `"{plain_text}"`' if quotable else "write a text before the `:`"
            return self._leave_out(parent, node, "bad-key", f"{shown} is not a text, and a key must be one", hint)
        first = (parent.keys or {}).get(key)
        if first is not None:
            summary = f"the key {quoted(key)} appears twice in one mapping"
            already = f"it is already at {self._span(first)}"
            self._say("duplicate-key", summary, node.place, "keep one of the two", already)
            return _LEFT_OUT
        if parent.keys is not None:
            parent.keys[key] = node.place
        return key

    def _leave_out(self, parent: Node, node: Node, *what: str) -> object:
        code, summary, hint = what
        parent.spoiled = True
        self._say(code, summary, node.place, hint)
        return _LEFT_OUT

    def _check_depth(self, levels: int, place: Place) -> None:
        if len(self.stack) + levels > DEEPEST:
            summary = f"lists and mappings lie more than {DEEPEST} levels deep"
            hint = "split the definition: a segment can use others by `segment: name`"
            raise _Stop(Diagnostic("too-deep", summary, self._span(place), hint=hint))

    def _say(self, code: str, summary: str, place: Place, hint: str, detail: str = "") -> None:
        if len(self.diagnostics) >= MOST_TOLD:
            raise _Stop(more_than_told(self._span(place)))
        self.diagnostics.append(Diagnostic(code, summary, self._span(place), detail, hint))
        self.flawed.add(len(self.documents))

    def _span(self, place: Place) -> Span:
        return Span(self.file, *place)


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
