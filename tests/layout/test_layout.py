from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from segctl.graph import examine
from segctl.layout import format as format_
from segctl.layout.format import Formatted, formatted
from segctl.layout.tokens import scan
from segctl.layout.write import write
from segctl.load.parse import parse
from segctl.load.project import Definitions, Survey, survey
from segctl.load.text import decode
from segctl.logic.meaning import meanings
from segctl.plan.definition import definitions
from tests.language import random_definitions
from tests.layout.scribble import Scribe, scribbled
from tests.load.mutations import any_kind, corpus
from tests.strategies import random_case

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/cases/fmt"


def text_of(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("path", sorted(CASES.glob("*.in.yaml")), ids=lambda path: path.name.removesuffix(".in.yaml"))
def test_a_layout(path: Path) -> None:
    expected = text_of(path.with_name(path.name.replace(".in.", ".out.")))
    assert formatted(text_of(path), "a.yaml") == Formatted(expected)
    assert formatted(expected, "a.yaml") == Formatted(expected)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.left.yaml")), ids=lambda path: path.name)
def test_what_is_left_alone(path: Path) -> None:
    found = formatted(text_of(path), "a.yaml")
    assert found.diagnostics
    assert found.text == text_of(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"18"', "18", "its values would be others"),
        ("adults", "Adults", "its values would be others"),
        ("# why", "", "a comment would be lost"),
        ("where:", "\n\nwhere:", "it would be laid out differently the next time"),
    ],
)
def test_a_fault_in_the_layout_changes_no_file(monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str) -> None:
    text = 'kind: segment\nname: adults # why\nwhere: {attribute: age, in: ["18", "NO"]}\n'
    assert formatted(text, "a.yaml") == Formatted(text)
    monkeypatch.setattr(format_, "write", lambda source, found: write(source, found).replace(old, new))
    found = formatted(text, "a.yaml")
    assert [one.summary.rpartition(": ")[2] for one in found.diagnostics] == [said]
    assert found.text == text


def comments(text: str) -> Counter[str]:
    return Counter(comment.text for comment in scan(text.replace("\r\n", "\n")).comments)


def values(text: str) -> list[object]:
    return [node.data for node in parse(text, "a.yaml").documents]


@pytest.mark.parametrize("start", range(0, 1200, 100))
def test_whatever_people_scribble_keeps_its_values_and_comments(start: int) -> None:
    done = 0
    for seed in range(start, start + 100):
        text, said = scribbled(Random(seed))  # noqa: S311 no secret
        found = formatted(text, "a.yaml")
        if parse(text, "a.yaml").diagnostics:
            assert found == Formatted(text, found.diagnostics)
            continue
        assert not found.diagnostics, text
        assert comments(text) == comments(found.text) == Counter(said), text
        assert values(text) == values(found.text), text
        assert formatted(found.text, "a.yaml").text == found.text, text
        assert found.text == "" or found.text.endswith("\n")
        assert "\n\n\n" not in found.text or "|" in found.text
        done += 1
    assert done > 80


def test_definitions_mean_the_same_afterwards(tmp_path: Path) -> None:
    rng = Random(7)  # noqa: S311 no secret
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments/segctl.yaml").write_text("kind: project\nname: shop\nusers: {path: u.csv, id: id}\n")
    file = tmp_path / "segments/all.yaml"
    changed = 0
    for _ in range(40):
        texts = []
        for number, data in enumerate(random_definitions(rng, random_case(rng), 3)):
            scribe = Scribe(rng)
            scribe.block({**data, "name": f"made_{number}"}, 0)
            texts.append("\n".join(scribe.lines))
        text = "\n---\n".join(texts) + "\n"
        file.write_text(text)
        before = prints(survey(tmp_path))
        after = formatted(text, "a.yaml")
        assert bool(after.diagnostics) == bool(parse(text, "a.yaml").diagnostics)
        file.write_text(after.text)
        assert prints(survey(tmp_path)) == before
        changed += bool(before) and after.text != text
    assert changed > 20


def test_our_own_segments_stay_what_they_are_and_are_laid_out() -> None:
    for path in sorted((ROOT / "segments").rglob("*.yaml")):
        assert formatted(text_of(path), path.name) == Formatted(text_of(path)), path


def prints(surveyed: Survey) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Fingerprints; none where something is wrong."""
    graph, wrong = examine(surveyed.documents)
    if wrong or surveyed.diagnostics or surveyed.project is None:
        return {}
    found = definitions(
        surveyed.documents, meanings(Definitions(surveyed.root, surveyed.project, surveyed.documents), graph)
    )
    return {key: (one.own, one.deep, one.metadata) for key, one in found.items()}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted((ROOT / "tests/cases").rglob("*.y*ml"))
        if path.is_file() and "cases/fmt" not in str(path)
    ],
    ids=lambda path: str(path.relative_to(ROOT / "tests/cases")),
)
def test_every_file_of_the_cases(path: Path) -> None:
    text = decode(path.read_bytes(), path.name)
    if not isinstance(text, str):
        return
    found = formatted(text, path.name)
    if found.diagnostics:
        assert found.text == text
        assert parse(text, path.name).diagnostics
        return
    assert values(found.text) == values(text)
    assert comments(found.text) == comments(text)
    assert formatted(found.text, path.name) == found


def test_nothing_that_can_be_typed_crashes() -> None:
    texts = corpus()
    rng = Random(3)  # noqa: S311 no secret
    for _ in range(300):
        text = decode(any_kind(texts, rng), "a.yaml")
        if isinstance(text, str) and len(text) < 20_000:
            found = formatted(text, "a.yaml")
            assert found.diagnostics or formatted(found.text, "a.yaml") == found


def test_a_comment_that_allows_something_keeps_its_place() -> None:
    text = "name: a\nkind: segment\nwhere: {everyone: true}\n"
    assert formatted(text, "a.yaml").text.startswith("kind: segment\nname: a\n")
    allowed = text.replace("kind:", "# segctl: allow always-true: yes\nkind:")
    assert formatted(allowed, "a.yaml").text == allowed
