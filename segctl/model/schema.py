"""The models as JSON Schemas, draft-07, one per kind: what editors complete, explain and check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from segctl.model.condition import HEADS
from segctl.model.elements import ELEMENT_HEADS, OPERATOR
from segctl.model.examples import EXAMPLES
from segctl.model.layout import describe_key
from segctl.model.project import Project
from segctl.model.resources import KINDS
from segctl.model.row_condition import ROW_HEADS

Schema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_JSON_TYPE = {
    "<text>": "string", "<items>": "array", "<mapping>": "object", "<duration>": "string", "<days>": "object",
}  # fmt: skip
"""The JSON type of the branches of unions that are told apart by their form."""

_SHARED_MARK = "x-shared"
"""Stands in a union of conditions until it is replaced; its branches keep pydantic from dropping the forms."""

_SHARED = {
    "Condition": (HEADS, "A condition", "A condition on a user: exactly one of these keys."),
    "PropertyTest": (
        ROW_HEADS, "A condition on a property", "A condition on an event: exactly one of these keys.",
    ),
    "ElementTest": (
        ELEMENT_HEADS, "A condition on an element", "A condition on one element of a list: exactly one of these keys.",
    ),
}  # fmt: skip
"""The unions of conditions, which are definitions of their own: name, heads, title, description."""


def schemas() -> dict[str, Schema]:
    """The schema of every kind."""
    models: Mapping[str, type[BaseModel]] = {"project": Project, **KINDS}
    return {kind: _schema(kind, model) for kind, model in models.items()}


def as_files() -> dict[str, str]:
    """File names and contents of all schemas."""
    return {
        f"{kind}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for kind, schema in schemas().items()
    }


def _schema(kind: str, model: type[BaseModel]) -> Schema:
    raw = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Draft7)
    definitions = raw.pop("$defs", {})
    for name, (heads, title, about) in _SHARED.items():
        if all(form.__name__ in definitions for form in heads.values()):
            definitions[name] = _union_of_forms(heads, title, about)
    raw, definitions = _share(raw), _share(definitions)
    used = _used(raw, definitions)
    schema = {"$schema": _DRAFT, **raw, "title": f"segctl {kind}", "examples": [EXAMPLES[kind]]}
    schema["definitions"] = {name: definitions[name] for name in sorted(used)}
    tidy: Schema = _tidy(schema)
    return tidy


def _union_of_forms(heads: Mapping[str, type[BaseModel]], title: str, about: str) -> Schema:
    """A condition: its head key decides which form must fit, so that an error is about that form alone."""
    return {
        "title": title,
        "description": about,
        "type": "object",
        "properties": {head: {"description": describe_key(form, head)} for head, form in heads.items()},
        "oneOf": [{"required": [head]} for head in heads],
        "allOf": [_if({"required": [head]}, _ref(form.__name__)) for head, form in heads.items()],
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _if(condition: Schema, then: Schema) -> Schema:
    return {"if": condition, "then": then}


class _Draft7(GenerateJsonSchema):
    """Without nulls; a Decimal is a number; unions decide by the form of the value."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """A key is left out, never null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """A default that says something."""
        made = super().default_schema(schema)
        if made.get("default") in (None, [], {}):
            made.pop("default", None)
        return made

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        """Any number."""
        del schema
        return {"type": "number"}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> Schema:
        """Conditions by their heads, other unions by the form of the value."""
        branches = {str(tag): self.generate_inner(branch) for tag, branch in schema["choices"].items()}
        bare = branches.pop(OPERATOR, None)
        heads = {tag.strip("<>") for tag in branches if tag not in _JSON_TYPE}
        if bare is not None:
            with_head = {"anyOf": [{"required": [head]} for head in sorted(heads)]}
            shared = {_SHARED_MARK: "ElementTest", "items": None, "oneOf": list(branches.values())}
            return _if(with_head, shared) | {"else": bare}
        for name, (known, _, _) in _SHARED.items():
            if heads == set(known):
                items = branches.pop("<items>", None)
                return {_SHARED_MARK: name, "items": items, "oneOf": list(branches.values())}
        if heads:
            rules = [_if({"required": [head]}, branches[f"<{head}>"]) for head in sorted(heads)]
            return {"type": "object", "oneOf": [{"required": [head]} for head in sorted(heads)], "allOf": rules}
        return _by_type({_JSON_TYPE[tag]: branch for tag, branch in branches.items()})

    def field_title_should_be_set(self, schema: Any) -> bool:
        """The key says it."""
        del schema
        return False


def _by_type(branches: Mapping[str, Schema]) -> Schema:
    """A union whose branches have different JSON types."""
    rules = [_if({"type": name}, branch) for name, branch in branches.items() if branch != {"type": name}]
    return {"type": list(branches), "allOf": rules} if rules else {"type": list(branches)}


def _share(part: Any) -> Any:
    """Marked unions as a reference to their definition; where a list may stand as well, by the form of the value."""
    if isinstance(part, list):
        return [_share(item) for item in part]
    if not isinstance(part, dict):
        return part
    if _SHARED_MARK not in part:
        return {key: _share(item) for key, item in part.items()}
    rest = {key: item for key, item in part.items() if key not in (_SHARED_MARK, "items", "oneOf")}
    shared = _ref(part[_SHARED_MARK])
    if part["items"] is None:
        return rest | shared
    return rest | _if({"type": "array"}, _share(part["items"])) | {"else": shared}


def _used(schema: Schema, definitions: Mapping[str, Schema]) -> set[str]:
    """The names of the definitions that are referred to, directly or through others."""
    used: set[str] = set()
    waiting: list[Schema] = [schema]
    while waiting:
        fresh = set(_references(waiting.pop())) - used
        used |= fresh
        waiting += [definitions[name] for name in fresh]
    return used


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix("#/definitions/")
        for item in part.values():
            yield from _references(item)
    elif isinstance(part, list):
        for item in part:
            yield from _references(item)


def _tidy(part: Any) -> Any:
    """Titles in words, plain types in one list, and no key beside a `$ref`: draft-07 would ignore it."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidy = {key: _tidy(item) for key, item in part.items() if key not in ("examples", "default")}
    tidy |= {key: part[key] for key in ("examples", "default") if key in part}
    if isinstance(tidy.get("title"), str):
        tidy["title"] = re.sub(r"(?<=[a-z])([A-Z])", lambda m: f" {m[1].lower()}", tidy["title"])
    if all(set(branch) == {"type"} for branch in tidy.get("anyOf", [{}])):
        types = [branch["type"] for branch in tidy.pop("anyOf")]
        tidy["type"] = _types([name for t in types for name in (t if isinstance(t, list) else [t])])
    if "$ref" in tidy and len(tidy) > 1:
        tidy["allOf"] = [{"$ref": tidy.pop("$ref")}, *tidy.get("allOf", [])]
    return tidy


def _types(names: list[str]) -> str | list[str]:
    distinct = [name for name in dict.fromkeys(names) if not (name == "integer" and "number" in names)]
    return distinct[0] if len(distinct) == 1 else distinct
