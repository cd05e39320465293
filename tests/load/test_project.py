from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.diagnostics import InvalidInput, SegctlError
from segctl.load.access import Access
from segctl.load.project import find_root, load, survey
from segctl.load.text import LARGEST
from tests.house.requirements import PERMISSIONS

Write = Callable[..., Path]
SEGMENT = "kind: segment\nname: {}\nwhere: {{everyone: true}}\n"


def codes(root: Path) -> list[tuple[str, str]]:
    return [(str(d.span), d.code) for d in survey(root).diagnostics]


def test_all_definitions_of_all_files_are_loaded_sorted_by_key(write: Write) -> None:
    root = write(b=SEGMENT.format("one") + "---\n" + SEGMENT.format("two"), a="kind: list\nname: x\npath: p\nid: i\n")
    (root / "segments" / "deep" / "er").mkdir(parents=True)
    (root / "segments" / "deep" / "er" / "c.yml").write_text(SEGMENT.format("three"))
    definitions = load(root)
    assert list(definitions.documents) == [("list", "x"), ("segment", "one"), ("segment", "three"), ("segment", "two")]
    assert definitions.project.key == ("project", "shop")
    assert definitions.root == root


def test_hidden_and_other_files_are_not_read(write: Write) -> None:
    root = write()
    segments = root / "segments"
    (segments / ".draft.yaml").write_text("kind: nonsense\n")
    (segments / ".git").mkdir()
    (segments / ".git" / "a.yaml").write_text("kind: nonsense\n")
    (segments / "notes.md").write_text("kind: nonsense\n")
    (segments / "a.yaml~").write_text("kind: nonsense\n")
    assert not load(root).documents


def test_the_root_is_found_from_a_folder_below(write: Write) -> None:
    root = write()
    (root / "segments" / "deep").mkdir()
    assert find_root(root) == root
    assert find_root(root / "segments" / "deep") == root


def test_no_project_above_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SegctlError, match=r"segments/segctl\.yaml") as caught:
        find_root(tmp_path)
    assert "segctl init" in caught.value.hint


def test_files_are_named_relative_to_the_current_folder_if_below_it(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(a="kind: x\n")
    assert codes(root) == [("segments/a.yaml:1:7", "unknown-kind")]
    monkeypatch.chdir(root / "segments")
    assert codes(root) == [("a.yaml:1:7", "unknown-kind")]
    (root / "other").mkdir()
    monkeypatch.chdir(root / "other")
    assert codes(root) == [(f"{root}/segments/a.yaml:1:7", "unknown-kind")]


def test_a_folder_without_segments_is_one_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert codes(tmp_path) == [("segments/segctl.yaml", "no-project")]
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path)
    assert len(caught.value.diagnostics) == 1


def test_links_are_read_inside_the_project_and_refused_outside(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = write()
    segments = root / "segments"
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text(SEGMENT.format("secret"))
    (root / "shared.yaml").write_text(SEGMENT.format("shared"))
    (segments / "inside.yaml").symlink_to(root / "shared.yaml")
    (segments / "outside.yaml").symlink_to(outside / "secret.yaml")
    (segments / "gone.yaml").symlink_to(root / "gone.yaml")
    (segments / "loop.yaml").symlink_to(segments / "loop.yaml")
    (segments / "folder").symlink_to(outside)
    assert codes(root) == [
        ("segments/folder", "linked-folder"),
        ("segments/gone.yaml", "unreadable"),
        ("segments/loop.yaml", "unreadable"),
        ("segments/outside.yaml", "linked-outside"),
    ]
    assert list(survey(root).documents) == [("segment", "shared")]
    untrusted = survey(root, Access(scratch=root / "scratch"))
    assert list(untrusted.documents) == []
    assert ("segments/inside.yaml", "linked-file") in [
        (found.span.file, found.code) for found in untrusted.diagnostics if found.span
    ]


def test_what_is_no_file_is_not_waited_for(write: Write) -> None:
    root = write()
    os.mkfifo(root / "segments" / "pipe.yaml")
    (root / "segments" / "folder.yaml").mkdir()
    assert codes(root) == [("segments/folder.yaml", "not-a-file"), ("segments/pipe.yaml", "not-a-file")]


@PERMISSIONS.mark
def test_files_and_folders_without_permission_are_diagnosed(write: Write) -> None:
    root = write(a=SEGMENT.format("a"))
    (root / "segments" / "closed").mkdir(mode=0)
    (root / "segments" / "a.yaml").chmod(0)
    assert codes(root) == [("segments/a.yaml", "unreadable"), ("segments/closed", "unreadable")]
    (root / "segments" / "closed").chmod(0o700)


def test_a_file_of_a_hundred_megabytes_is_refused_unread(write: Write) -> None:
    root = write()
    with (root / "segments" / "big.yaml").open("wb") as file:
        file.truncate(100_000_000)
    (diagnostic,) = survey(root).diagnostics
    assert diagnostic.code == "file-too-large"
    assert "100.0 MB" in diagnostic.summary


def test_a_file_just_small_enough_is_read(write: Write) -> None:
    text = SEGMENT.format("a")
    root = write(a=text + "#" * (LARGEST - len(text)))
    assert not survey(root).diagnostics
    write(a=text + "#" * (LARGEST - len(text) + 1))
    assert codes(root) == [("segments/a.yaml", "file-too-large")]


def test_all_diagnostics_of_all_files_come_at_once_and_sorted(write: Write) -> None:
    root = write(z="kind: x\n", a="a: [\n", m=SEGMENT.format("M"), b=b"\xff")
    with pytest.raises(InvalidInput) as caught:
        load(root)
    found = [(d.span.file, d.code) for d in caught.value.diagnostics if d.span]
    assert [code for _, code in found] == ["yaml-syntax", "not-utf8", "bad-name", "unknown-kind"]
    assert found == sorted(found)


def test_names_that_are_no_text_do_not_break_the_report(write: Write) -> None:
    root = write()
    (root / "segments" / os.fsdecode(b"\xff.yaml")).write_text("kind: x\n")
    (diagnostic,) = survey(root).diagnostics
    assert str(diagnostic.span).encode("utf-8")


def test_spans_lead_to_the_parts_of_a_document(write: Write) -> None:
    root = write(a="kind: segment\nname: a\nwhere:\n  - attribute: country\n    in: [FR, BE]\n")
    document = load(root).documents["segment", "a"]
    assert str(document.span()) == "segments/a.yaml:1:1"
    assert str(document.span(["where", 0, "in", 1])) == "segments/a.yaml:5:14"
    assert str(document.span(["where", 0, "is"])) == "segments/a.yaml:4:5"
    assert str(document.key_span(["where", 0, "in"])) == "segments/a.yaml:5:5"


def test_the_garbage_collector_is_left_as_it_was(write: Write) -> None:
    import gc

    root = write(a=SEGMENT.format("a"))
    assert gc.isenabled()
    load(root)
    assert gc.isenabled()
    gc.disable()
    try:
        load(root)
        assert not gc.isenabled()
    finally:
        gc.enable()
