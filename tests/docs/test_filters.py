"""docs/filters.md: every YAML on the page is run, and its members are those that were worked out by hand."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from segctl.load.project import load
from segctl.progress import Silent
from segctl.workflow.check import check
from segctl.workflow.evaluate import Target, evaluate, library_of, open_data

ROOT = Path(__file__).resolve().parents[2]
CASE = Path(__file__).resolve().parent / "filters"
PAGE = (ROOT / "docs" / "filters.md").read_text(encoding="utf-8")
AS_OF_US = 1_795_348_800_000_000  # 2026-11-22 12:00 UTC
EXPECTED: Mapping[str, list[str]] = yaml.safe_load((CASE / "expected.yaml").read_text(encoding="utf-8"))
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| `(?P<yaml>\{.+\})` \|$", re.MULTILINE)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def filters() -> dict[str, str]:
    """The condition of every filter, by its name."""
    rows = [(row["name"], row["yaml"]) for row in ROW.finditer(PAGE)]
    assert len(dict(rows)) == len(rows), "a filter stands twice"
    return dict(rows)


def name_of(filter_name: str) -> str:
    return f"f_{re.sub('[^a-z0-9]+', '_', filter_name.lower()).strip('_')}"


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """The members of every filter, by its name."""
    root = tmp_path_factory.mktemp("filters") / "project"
    shutil.copytree(CASE, root)
    written = [
        f"kind: segment\nname: {name_of(name)}\nowner: docs\nwhere: {text}\n" for name, text in filters().items()
    ]
    (root / "segments" / "page.yaml").write_text("---\n".join([*written, *BLOCK.findall(PAGE)]), encoding="utf-8")
    checked = check(root, AS_OF_US, Silent())
    assert {warning.code for warning in checked.diagnostics} <= {"window-beyond-data", "unseen-value"}
    definitions = load(root)
    data = open_data(definitions, AS_OF_US, Silent())
    library = library_of(definitions)
    wanted = {name: Target(library, ("segment", name_of(name))) for name in filters()}
    found = evaluate(data, wanted, Silent()).memberships
    ids = data.population.ids
    return {name: sorted(ids.filter(found[name]).to_pylist()) for name in wanted}


def test_every_filter_of_the_page_has_its_members_worked_out() -> None:
    assert set(filters()) == set(EXPECTED)
    assert len(EXPECTED) >= 140


@pytest.mark.parametrize("name", EXPECTED)
def test_the_yaml_of_a_filter_says_what_the_filter_says(name: str, members: Mapping[str, list[str]]) -> None:
    assert members[name] == EXPECTED[name]


def test_every_inline_condition_of_the_page_is_run() -> None:
    conditions = re.findall(r"`\{(?:attribute|event|sequence|trait|campaign|engagement|all|any|not)\b[^`]*`", PAGE)
    assert len(conditions) == sum(
        not re.match(r"\{(segment|extension|list|bucket|everyone)", t) for t in filters().values()
    )


def test_the_data_of_the_page_are_small_enough_to_be_read() -> None:
    lines = (CASE / "data" / "users.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["ann", "bob", "cat", "dan"]
