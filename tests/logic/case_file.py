"""Golden cases of the language as they are written: tests/cases/language/*/*.yaml, described in the README there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from segctl.load.document import MODELS, Document
from segctl.load.node import Node
from segctl.load.parse import parse
from segctl.load.validate import validate
from segctl.model.values import Model, Text

CASES = Path(__file__).resolve().parents[1] / "cases" / "language"

Fields = Mapping[str, Any]
PathIn = tuple[str | int, ...]

KIND_OF = {"where": "segment", "from": "extension", "audience": "campaign", "value": "trait", "formula": "trait"}
"""What a case defines is known by the one key that only its kind has."""


class Given(Model):
    """Rows as people write them, the same as in a `kind: test`."""

    users: list[dict[str, Any]] = Field(default_factory=list)
    events: list[dict[str, Any]] = Field(default_factory=list)
    catalogs: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    lists: dict[str, list[str | int]] = Field(default_factory=dict)
    extensions: dict[str, list[str | int]] = Field(default_factory=dict)


class Types(Model):
    """Types of columns, where the values alone would be read as something else."""

    users: dict[str, Any] = Field(default_factory=dict)
    events: dict[str, dict[str, Any]] = Field(default_factory=dict)
    catalogs: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Written(Model):
    """One case: a definition without kind and name, and what is expected of it."""

    model_config = ConfigDict(extra="allow")

    case: Text
    as_of: Text | None = None
    expect: list[str | int] | None = None
    values: dict[str, Any] | None = None
    error: Text | None = None
    at: Text | list[Text] | None = None

    @model_validator(mode="after")
    def _one_expectation(self) -> Self:
        expected = {"expect", "values", "error"} & self.model_fields_set
        if len(expected) != 1 or (self.error is None) != (self.at is None):
            raise ValueError("a case has `expect: [ids]`, or `values: {id: value}`, or `error: code` and `at: path`")
        if not KIND_OF.keys() & (self.model_extra or {}).keys():
            raise ValueError(f"a case defines something by one of the keys {', '.join(KIND_OF)}")
        return self


class Contents(Model):
    """A whole file."""

    about: Text
    as_of: Text
    project: dict[str, Any] = Field(default_factory=dict)
    types: Types = Types()
    given: Given
    definitions: list[dict[str, Any]] = Field(default_factory=list)
    cases: Annotated[list[Written], Field(min_length=1)]


@dataclass(frozen=True, eq=False)
class Case:
    """One case; `document` is None where the definition itself is refused, and `refused` says why."""

    name: str
    key: tuple[str, str]
    as_of: str
    written: Written
    node: Node
    document: Document | None
    refused: tuple[tuple[str, tuple[int, int]], ...]

    def places(self) -> list[set[tuple[int, int]]]:
        """For each path of `at`, such as `where.in.1`, line and column of its value, and of its key.

        Raises:
            KeyError: there is nothing at the path.
        """
        at = self.written.at or []
        return [self._place(path) for path in ([at] if isinstance(at, str) else at)]

    def _place(self, path: str) -> set[tuple[int, int]]:
        parts: PathIn = tuple(int(part) if part.isdigit() else part for part in path.split("."))
        node: Node | None = self.node
        for part in parts:
            node = None if node is None else node.child(part)
        if node is None:
            raise KeyError(f"{path} leads to nothing in {self.name}")
        return {node.place, self.node.key_place(parts)}


@dataclass(frozen=True, eq=False)
class CaseFile:
    """All cases of one file, and the definitions that they refer to."""

    path: Path
    contents: Contents
    definitions: Sequence[Document]
    cases: Mapping[str, Case]


def read(path: Path) -> CaseFile:
    """Read a file of cases.

    Raises:
        ValueError: it is not written as the README says; with file and line.
    """
    parsed = parse(path.read_text(encoding="utf-8"), str(path))
    if parsed.diagnostics or len(parsed.documents) != 1:
        raise ValueError(f"{path}: {parsed.diagnostics or 'one YAML document is wanted'}")
    root = parsed.documents[0]
    try:
        contents = Contents.model_validate(root.data)
    except ValidationError as error:
        lines = [f"{path}:{root.key_place(one['loc'])[0]}: {one['loc']} {one['msg']}" for one in error.errors()]
        raise ValueError("\n".join(lines)) from None
    definitions = [_definition(node, path) for node in _items(root, "definitions")]
    cases = [_case(number, node, contents) for number, node in enumerate(_items(root, "cases"))]
    names = [case.name for case in cases]
    if len(set(names)) < len(names):
        raise ValueError(f"{path}: two cases of one name: {max(names, key=names.count)}")
    return CaseFile(path, contents, definitions, {case.name: case for case in cases})


def _items(root: Node, key: str) -> list[Node]:
    below = root.child(key)
    return below.children if below is not None and isinstance(below.children, list) else []


def _definition(node: Node, path: Path) -> Document:
    resource, mistakes = validate(node, MODELS[node.data["kind"]], str(path))
    if resource is None:
        raise ValueError(f"{path}: {mistakes}")
    return Document((node.data["kind"], node.data["name"]), resource, node.data, node, str(path))


def _case(number: int, node: Node, contents: Contents) -> Case:
    """The definition gets a kind and a name, and keeps its places in the file."""
    written = contents.cases[number]
    own = {key: node.children[key] for key in written.model_extra or {}} if isinstance(node.children, dict) else {}
    kind = next(kind for key, kind in KIND_OF.items() if key in own)
    key = (kind, f"case_{number}")
    added = {"kind": kind, "name": key[1]}
    added |= {"refresh": "manual"} if kind == "extension" and "refresh" not in own else {}
    data = {**added, **{name: child.data for name, child in own.items()}}
    nodes = {name: Node(node.place, text) for name, text in added.items()} | own
    hollow = any(child.hollow for child in own.values())
    whole = Node(node.place, data, nodes, node.keys, hollow=hollow)
    resource, mistakes = validate(whole, MODELS[kind], "case") if kind in MODELS else (None, [])
    document = None if resource is None else Document(key, resource, data, whole, "case")
    refused = tuple((one.code, (one.span.line, one.span.column)) for one in mistakes if one.span is not None)
    return Case(written.case, key, written.as_of or contents.as_of, written, whole, document, refused)
