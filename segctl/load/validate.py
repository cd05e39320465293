"""A tree of nodes against a model: the model, or one diagnostic for each mistake."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from segctl.diagnostics import Diagnostic, Span
from segctl.load.fault import Fault, Sentence
from segctl.load.node import Node, walk
from segctl.load.sentences import KNOWN_HERE, sentence
from segctl.load.syntax import MOST_TOLD
from segctl.model.layout import model_at
from segctl.model.resources import DefinitionTest
from segctl.model.values import KEY
from segctl.model.wording import choices, quoted

Path = tuple[str | int, ...]
AnyModel = TypeVar("AnyModel", bound=BaseModel)


_FOLLOWS = frozenset({"wrong-type", "bad-path", "missing-key", "missing-operator"})
"""What is wrong only because a word of a later version stands beside it."""


@dataclass(frozen=True)
class _Mistake:
    """A sentence and the node it is about; `on_key` means the node's key.

    `within` is the value that was being read: at the path, or above it.
    """

    path: Path
    within: Path
    on_key: bool
    said: Sentence


def validate(node: Node, model: type[AnyModel], file: str) -> tuple[AnyModel | None, list[Diagnostic]]:
    """The node's data as a model, or None and what is wrong with it."""
    nulls = [] if not node.hollow else _nulls(node, allowed=("given",) if model is DefinitionTest else ())
    mistakes: list[_Mistake] = []
    resource: AnyModel | None = None
    try:
        resource = model.model_validate(node.data)
    except ValidationError as error:
        found = itertools.islice(error.errors(include_url=False), MOST_TOLD + 1)
        mistakes = [_mistake(details, node, model) for details in found]
        mistakes = [mistake for mistake in mistakes if not node.find(mistake.within).spoiled]
    diagnostics = [_diagnostic(mistake, node, file) for mistake in (*nulls, *_one_each(mistakes))]
    return (None if diagnostics else resource), diagnostics


def _nulls(root: Node, allowed: Path) -> list[_Mistake]:
    """Every null outside of `allowed`; what holds one is spoiled."""
    mistakes: list[_Mistake] = []
    for path, node in walk(root):
        if len(mistakes) > MOST_TOLD:
            break
        if node.data is not None or node.spoiled or (allowed and path[: len(allowed)] == allowed):
            continue
        node.spoiled = root.find(path[:-1]).spoiled = True
        if path and isinstance(path[-1], str):
            said = Sentence("no-value", f"{quoted(path[-1])} has no value", "write one, or remove the key")
        else:
            said = Sentence("no-value", "an item without a value", "write one, or remove the item")
        mistakes.append(_Mistake(path, path, on_key=True, said=said))
    return mistakes


def _mistake(details: ErrorDetails, node: Node, model: type[BaseModel]) -> _Mistake:
    location = details["loc"]
    path = tuple(_known_path(location, node))
    is_key = bool(location) and location[-1] == KEY
    named = [part for part in location if part != KEY] if is_key else location
    owner = location[:-1] if details["type"] in ("missing", "extra_forbidden") else location
    fault = Fault(
        code=details["type"],
        value=details["input"],
        model=model_at(model, owner),
        key=str(named[-1]) if named else "",
        message=details["msg"],
        context=details.get("ctx", {}),
    )
    said = sentence(fault)
    on_key = is_key or bool(said.at and said.at[-1] == KEY)
    return _Mistake((*path, *(part for part in said.at if part != KEY)), path, on_key, said)


def _known_path(location: Sequence[str | int], node: Node) -> Iterator[str | int]:
    """The parts of a location that are keys and indices of the data; others name branches of unions."""
    for part in location:
        below = node.child(part)
        if below is not None:
            yield part
            node = below


def _one_each(mistakes: Sequence[_Mistake]) -> Iterator[_Mistake]:
    """Without what only follows from another mistake in the same mapping."""
    mistakes = list(_unknown_keys_together(mistakes))
    planned = {mistake.path[:-1] for mistake in mistakes if mistake.said.code == "not-yet"}
    meant = {(m.path[:-1], m.said.hint) for m in mistakes if m.said.code == "unknown-key"}
    for mistake in mistakes:
        code, path = mistake.said.code, mistake.path
        if code in _FOLLOWS and (path in planned or path[:-1] in planned):
            continue
        if code == "missing-key" and any(path == at and mistake.said.summary.split()[0] in hint for at, hint in meant):
            continue
        yield mistake


def _unknown_keys_together(mistakes: Sequence[_Mistake]) -> Iterator[_Mistake]:
    """Unknown keys of one mapping that are like none that is known, as one mistake at the first of them."""
    strange: dict[Path, list[_Mistake]] = {}
    for mistake in mistakes:
        if mistake.said.code == "unknown-key" and mistake.said.hint.startswith(KNOWN_HERE):
            strange.setdefault(mistake.path[:-1], []).append(mistake)
    for mistake in mistakes:
        others = strange.get(mistake.path[:-1], [])
        if mistake not in others or len(others) == 1:
            yield mistake
        elif mistake is others[0]:
            words = choices([str(other.path[-1]) for other in others], "and")
            yield replace(mistake, said=replace(mistake.said, summary=f"unknown keys {words}"))


def _diagnostic(mistake: _Mistake, node: Node, file: str) -> Diagnostic:
    place = node.key_place(mistake.path) if mistake.on_key else node.find(mistake.path).place
    said = mistake.said
    return Diagnostic(said.code, said.summary, Span(file, *place), hint=said.hint)
