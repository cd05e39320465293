"""No word of pydantic reaches a user: every error that a model can raise has a sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from segctl.load.document import MODELS
from segctl.load.fault import MEANT, Fault
from segctl.load.sentences import SENTENCES, sentence
from segctl.model.condition import HEADS
from segctl.model.layout import keys_of, model_at
from segctl.model.resources import Segment
from segctl.model.row_condition import ROW_HEADS

CASES = Path(__file__).resolve().parents[1] / "cases" / "bad_definitions"

RAISED = {
    "str": {"string_type"}, "bool": {"bool_type"}, "int": {"int_type", "int_from_float"}, "list": {"list_type"},
    "dict": {"dict_type"}, "model": {"model_type"}, "literal": {"literal_error"},
    "model-fields": {"missing", "extra_forbidden"}, "any": set(), "nullable": set(), "default": set(),
    "definitions": set(), "definition-ref": set(), "model-field": set(),
    "function-before": set(), "function-after": set(),
}  # fmt: skip
"""The errors that each part of a model's core schema can raise; our own functions raise sentences."""

BOUNDS = {
    ("str", "min_length"): "string_too_short", ("list", "min_length"): "too_short", ("list", "max_length"): "too_long",
    ("dict", "min_length"): "too_short", ("int", "ge"): "greater_than_equal", ("int", "le"): "less_than_equal",
}  # fmt: skip

LOOK_BACK = {"<duration>", "<days>"}
"""The one union whose discriminator has a branch for whatever is written."""

QUIET = {"strict", "type", "ref", "schema_ref", "metadata", "serialization", "config", "cls", "function"}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a core schema; unions after a check of ours (numbers, literals) cannot fail any more."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        if schema.get("type") == "function-before" and schema["schema"].get("type") in ("union", "str"):
            return
        for key, value in schema.items():
            if key not in QUIET:
                yield from parts(value)
    elif isinstance(schema, list | tuple):
        for item in schema:
            yield from parts(item)


def raised_by(model: type[BaseModel]) -> Iterator[str]:
    for part in parts(model.__pydantic_core_schema__):
        kind = part["type"]
        if kind == "tagged-union":
            yield from [part["custom_error_type"]] if set(part["choices"]) != LOOK_BACK else []
            continue
        assert kind in RAISED, f"a new kind of schema: {kind}"
        yield from RAISED[kind]
        bounds = {key for key in part if key in ("min_length", "max_length", "pattern", "ge", "le", "gt", "lt")}
        yield from (BOUNDS[kind, bound] for bound in bounds)


@pytest.mark.parametrize("kind", MODELS)
def test_every_error_that_a_model_can_raise_has_a_sentence(kind: str) -> None:
    assert set(raised_by(MODELS[kind])) <= set(SENTENCES)


def test_a_new_kind_of_error_is_still_a_sentence() -> None:
    said = sentence(Fault("url_parsing", "x", None, "path", "Input should be a valid URL", {}))
    assert "Input" not in said.summary


def test_no_expected_text_holds_words_of_pydantic_or_python() -> None:
    leaked = re.compile(
        r"Input should|union_tag|pydantic|validat|StrictStr|Traceback|NoneType|\bdict\b|\bstr\b|Decimal|_error\b"
        r"|[a-z]Condition|Comparison\b|\bNone\b"
    )
    for path in CASES.glob("*/expected.txt"):
        assert not leaked.search(path.read_text(encoding="utf-8")), path


def test_every_diagnostic_says_how_to_mend_it_or_speaks_for_itself() -> None:
    silent = {"not-yet", "wrong-type"}
    for path in CASES.glob("*/expected.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            code = re.search(r"error\[([a-z0-9-]+)\]", line)
            if code and code[1] not in silent:
                assert following.startswith("    "), f"{path}: {line}"


def test_words_of_other_languages_lead_to_words_of_this_one() -> None:
    known = set(HEADS) | set(ROW_HEADS)
    for model in (*HEADS.values(), *ROW_HEADS.values(), *MODELS.values()):
        known |= set(keys_of(model))
    known |= {"exactly", "matches", "max_exit", "max_enter"}
    assert {word for words in MEANT.values() for word in words} <= known


def test_the_model_at_a_place_is_found_through_unions_lists_and_mappings() -> None:
    found = model_at(Segment, ("where", "<items>", 0, "<event>", "where", "<property>"))
    assert found is ROW_HEADS["property"]
    assert model_at(Segment, ("where", "<nonsense>")) is None
    assert model_at(Segment, ("tags", 0)) is None
