from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from segctl.example.write import definitions_folder
from segctl.graph import build
from segctl.load.project import Definitions, load
from segctl.workflow.definition_tests import run_tests
from tests.real.answers import Answer, Answers

HERE = Path(__file__).parent
INSTANT = "2026-11-22T00:00:00Z"


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load(definitions_folder().parent)


@pytest.fixture(scope="module")
def answer(shop: Path) -> Answer:
    return Answers(HERE, str(shop)).at(INSTANT)


def test_there_is_enough_to_learn_from(definitions: Definitions) -> None:
    kinds = Counter(kind for kind, _ in definitions.documents)
    assert kinds["segment"] >= 24
    assert kinds["extension"] >= 3
    assert kinds["campaign"] >= 3
    assert kinds["list"] >= 1
    assert kinds["test"] >= 8


def test_every_resource_says_what_it_is_for(definitions: Definitions) -> None:
    silent = [key for key, document in definitions.documents.items() if not document.data.get("description")]
    assert silent == []
    unowned = [
        key for key, document in definitions.documents.items() if key[0] != "test" and not document.data.get("owner")
    ]
    assert unowned == []


def test_every_file_names_the_schema_of_its_kind() -> None:
    for path in definitions_folder().rglob("*.yaml"):
        modeline, kind, *_ = path.read_text().splitlines()
        schema = (path.parent / modeline.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert schema == definitions_folder().parent / "schema" / f"{kind.removeprefix('kind: ')}.schema.json"


def test_every_resource_has_an_expectation(definitions: Definitions) -> None:
    names = {name for kind, name in definitions.documents if kind not in ("policy", "test", "trait")}
    assert names == {path.stem for path in (HERE / "expected").glob("[!_]*.sql")}


def test_no_audience_is_empty_or_everybody(answer: Answer) -> None:
    sizes = {name: len(ids) for name, ids in answer.members.items()}
    assert {name: size for name, size in sizes.items() if not 2 <= size <= 1_200} == {}


def test_lists_name_users_that_exist(answer: Answer) -> None:
    for name in ("founding_members", "staff"):
        written = (definitions_folder() / "lists" / f"{name}.csv").read_text().split()[1:]
        assert answer.members[name] == set(written)


def test_the_definitions_pass_their_own_tests(definitions: Definitions) -> None:
    results = run_tests(definitions, build(definitions))
    assert [result.name for result in results if not result.passed] == []
    assert sum(result.expectations for result in results) > 100
