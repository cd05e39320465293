from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from segctl.load.document import MODELS
from segctl.load.parse import parse
from segctl.load.text import decode
from segctl.model.examples import EXAMPLES
from segctl.model.schema import as_files, schemas
from segctl.workflow.schema import stale_schemas, write_schemas

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "bad_definitions"
SCHEMAS = schemas()


def documents(*folders: Path) -> Iterator[Any]:
    for path in sorted(path for folder in folders for path in folder.rglob("*.yaml")):
        text = decode(path.read_bytes(), str(path))
        assert isinstance(text, str)
        for number, node in enumerate(parse(text, str(path)).documents):
            yield pytest.param(node.data, id=f"{path.relative_to(ROOT)}:{number}")


def errors(data: Any) -> list[Any]:
    return list(Draft7Validator(SCHEMAS[data["kind"]]).iter_errors(data))


def test_the_files_in_the_repository_say_what_the_models_say() -> None:
    assert stale_schemas(ROOT / "schema") == ()


def test_writing_tells_what_changed_and_settles(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "schema"
    assert [path.name for path in write_schemas(folder)] == [f"{kind}.schema.json" for kind in MODELS]
    assert write_schemas(folder) == ()
    (folder / "list.schema.json").write_text("{}")
    (folder / "test.schema.json").write_bytes(b"\xff")
    assert {path.name for path in stale_schemas(folder)} == {"list.schema.json", "test.schema.json"}
    assert len(write_schemas(folder)) == 2


@pytest.mark.parametrize("kind", MODELS)
def test_each_schema_is_draft_7_whole_and_closed(kind: str) -> None:
    schema = SCHEMAS[kind]
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["title"]
    assert schema["description"]
    assert schema["additionalProperties"] is False
    text = json.dumps(schema)
    assert "$defs" not in text
    assert '"null"' not in text
    assert "x-shared" not in text


@pytest.mark.parametrize("kind", MODELS)
def test_every_key_is_described(kind: str) -> None:
    for part in (SCHEMAS[kind], *SCHEMAS[kind]["definitions"].values()):
        for key, value in part.get("properties", {}).items():
            assert value.get("description"), key


@pytest.mark.parametrize("kind", MODELS)
def test_no_key_stands_beside_a_reference(kind: str) -> None:
    def check(part: Any) -> None:
        if isinstance(part, dict):
            assert "$ref" not in part or set(part) == {"$ref"}
            for item in part.values():
                check(item)
        elif isinstance(part, list):
            for item in part:
                check(item)

    check(SCHEMAS[kind])


@pytest.mark.parametrize("kind", MODELS)
def test_the_example_of_each_kind_fits_its_model_and_its_schema(kind: str) -> None:
    MODELS[kind].model_validate(EXAMPLES[kind])
    assert errors(EXAMPLES[kind]) == []


@pytest.mark.parametrize("data", [*documents(ROOT / "segments", ROOT / "tests" / "real")])
def test_good_definitions_are_accepted(data: Any) -> None:
    assert errors(data) == []


STRUCTURAL = [marker.parent for marker in CASES.glob("*/structural")]


@pytest.mark.parametrize("data", [*documents(*STRUCTURAL)])
def test_bad_structures_are_refused(data: Any) -> None:
    assert errors(data)


def test_there_are_structural_cases() -> None:
    assert len(STRUCTURAL) >= 30


@pytest.mark.parametrize(
    ("where", "path", "said"),
    [
        ({"attribute": "x", "equals": 1}, ["where"], "'equals' was unexpected"),
        ([{"attribute": "x", "in": "FR"}], ["where", 0, "in"], "'FR' is not of type 'array'"),
        ({"all": [{"event": "x", "count": 2}]}, ["where", "all", 0, "count"], "2 is not of type 'object'"),
        ({"event": "x", "where": {"property": "y", "is": [1]}}, ["where", "where", "is"], "[1] is not of type"),
        ({"bucket": {"from": 0, "to": 10_000}}, ["where", "bucket", "to"], "10000 is greater than the maximum"),
        ({"event": "x", "within": "30 days"}, ["where", "within"], "'30 days' does not match"),
        ({"attribute": "x", "is": None}, ["where", "is"], "None is not of type"),
    ],
)
def test_an_error_of_the_schema_is_about_the_right_place(where: Any, path: list[str | int], said: str) -> None:
    found = errors({"kind": "segment", "name": "a", "where": where})
    assert any(said in error.message for error in found if list(error.absolute_path) == path)
    best = best_match(found)
    assert best is not None


@pytest.mark.parametrize(
    "where",
    [
        {"attribute": "x"},
        {"attribute": "x", "is": 1, "in": [1]},
        {"event": "x", "count": {}},
        {"event": "x", "count": {"at_least": 1, "at_most": 2}},
        {"event": "x", "count": {"at_least": 1}, "days": {"at_least": 2}},
        {"event": "x", "within": "1d", "since": "2026-01-01"},
        {"segment": "a", "list": "b"},
        {},
    ],
)
def test_exactly_one_of_what_excludes_one_another(where: Any) -> None:
    assert errors({"kind": "segment", "name": "a", "where": where})


@pytest.mark.parametrize(
    "where",
    [
        {"event": "x"},
        {"event": ["x", "y"]},
        {"event": {"starts_with": "x"}, "since": "30d", "until": "7d"},
        {"event": "x", "within": {"days_before_today": 0}},
        {"attribute": ["a", "b.c"], "between": [1, 2.5], "or_missing": True},
        [{"any": [{"not": {"bucket": {"from": 0, "to": 9999}}}]}],
    ],
)
def test_all_forms_are_accepted(where: Any) -> None:
    assert errors({"kind": "segment", "name": "a", "where": where}) == []


def test_files_end_with_a_line_end() -> None:
    assert all(text.endswith("}\n") for text in as_files().values())
