from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from segctl.diagnostics import SegctlError
from segctl.progress import Silent
from segctl.workflow.generating import Wish, generated
from segctl.workflow.mutating import Mutated, mutate
from segctl.workflow.testing import test as run_tests
from segctl.workflow.validate import validate

SHOP = Path(__file__).resolve().parents[2] / "segments"
NOON = 1_795_348_800_000_000  # 2026-11-22 12:00 UTC
PROJECT = "kind: project\nname: shop\ntimezone: Europe/Paris\nusers: {path: users.csv, id: id}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "segments").mkdir()
    return tmp_path


def mutated(root: Path, *files: str, names: tuple[str, ...] = ()) -> Mutated:
    (root / "segments" / "segctl.yaml").write_text(PROJECT)
    for number, text in enumerate(files):
        (root / "segments" / f"{number}.yaml").write_text(text)
    return mutate(root, names, Silent())


ADULTS = "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n"
TEST = """
kind: test
name: eighteen
as_of: 2026-11-22
given: {users: [{id: ann, age: 18}, {id: bob, age: 17}]}
expect: {adults: {in: [ann], out: [bob]}}
"""


def test_what_no_test_notices_is_told_at_its_place(root: Path) -> None:
    found = mutated(root, ADULTS, TEST)
    assert [(str(s.span), s.mutation.words) for s in found.survivors] == [
        ("segments/0.yaml:3:8", "`attribute: age, at_least: 18` could have `or_missing: true`")
    ]
    assert (found.mutants, found.noticed, found.score) == ({("segment", "adults"): 4}, {("segment", "adults"): 3}, 0.75)


def test_a_test_of_a_segment_notices_changes_of_what_the_segment_uses(root: Path) -> None:
    french = "kind: segment\nname: french\nwhere: [{segment: adults}, {attribute: country, is: FR}]\n"
    test = TEST.replace("adults", "french").replace("age: 18", "age: 18, country: FR")
    found = mutated(root, ADULTS, french, test, names=("adults",))
    assert found.noticed == {("segment", "adults"): 2}  # nobody younger is French
    assert found.mutants == {("segment", "adults"): 4}


def test_a_definition_without_a_test_is_named_and_counts(root: Path) -> None:
    found = mutated(root, ADULTS)
    assert (found.untested, found.score) == ((("segment", "adults"),), 0.0)


def test_a_test_that_fails_as_it_is_notices_nothing(root: Path) -> None:
    found = mutated(root, ADULTS, TEST.replace("in: [ann], out: [bob]", "in: [bob], out: [ann]"))
    assert (found.failing, found.score) == (("eighteen",), 0.0)


def test_a_change_that_is_surely_the_same_is_left_out(root: Path) -> None:
    both = "kind: segment\nname: adults\nwhere: [{attribute: age, at_least: 18}, {attribute: age, at_least: 21}]\n"
    found = mutated(root, both, TEST.replace("age: 18", "age: 21"))
    assert not any("18" in survivor.mutation.words for survivor in found.survivors)


def test_a_trait_is_changed_too_and_noticed_through_the_segments_that_use_it(root: Path) -> None:
    trait = "kind: trait\nname: spent\nvalue: {event: purchase, sum: {of: amount}, within: 30d}\n"
    rich = "kind: segment\nname: rich\nwhere: {trait: spent, at_least: 100}\n"
    rows = "{user: ann, event: purchase, time: 2026-11-20, amount: 100}"
    test = TEST.replace("adults", "rich").replace("]}\nexpect", f"], events: [{rows}]}}\nexpect")
    found = mutated(root, trait, rich, test, names=("spent",))
    assert found.mutants[("trait", "spent")] == 5
    assert [survivor.mutation.words for survivor in found.survivors] == [
        "`sum: {of: amount}` could be `max: {of: amount}`",
        "`sum: {of: amount}` could be `average: {of: amount}`",
        "`within: 30d` could be left out",
        "`within: 30d` could be 29d",
        "`within: 30d` could be 31d",
    ]
    text = generated(root, "rich", Wish(NOON, data=False), Silent()).text
    (root / "segments" / "edges.yaml").write_text(text)
    found = mutate(root, ("spent", "rich"), Silent())
    assert [survivor.mutation.words for survivor in found.survivors] == [
        "`trait: spent, at_least: 100` could have `or_missing: true`"  # a sum is never missing
    ]


def test_a_name_of_no_definition_is_told_with_what_was_meant(root: Path) -> None:
    with pytest.raises(SegctlError) as told:
        mutated(root, ADULTS, names=("adult",))
    assert "adults" in told.value.hint


def test_the_tests_that_are_generated_for_the_shop_notice_nearly_every_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHOP, tmp_path / "segments", ignore=lambda folder, _: ["tests"] if folder == str(SHOP) else [])
    definitions, _, _ = validate(tmp_path)
    texts = {}
    for kind, name in definitions.documents:
        if kind in {"segment", "campaign", "extension"}:
            text = generated(tmp_path, f"{kind}.{name}", Wish(NOON, data=False), Silent()).text
            texts[kind, name] = text.replace(f"name: {name}_edges", f"name: {kind}_{name}_edges")
    for (kind, name), text in texts.items():
        (tmp_path / "segments" / f"{kind}_{name}_edges.yaml").write_text(text)
    tested = run_tests(tmp_path, ())
    assert [result.name for result in tested.results if not result.passed] == []
    found = mutate(tmp_path, (), Silent())
    assert found.untested == ()
    assert found.score > 0.95  # 97.2 % of 718 when this was written
