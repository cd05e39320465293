from __future__ import annotations

import io
import json
import os
import stat

import pytest

from tests.cli.conftest import ROOT, Shop, process

MESSY = "name:   vip\nkind: segment   # the best\nwhere: {attribute: age,at_least: 18}\n"
TIDY = "kind: segment # the best\nname: vip\nwhere: {attribute: age, at_least: 18}\n"


@pytest.fixture
def messy(shop: Shop) -> Shop:
    shop.write("segments/vip.yaml", MESSY)
    return shop


def vip(shop: Shop) -> str:
    return (shop.folder / "segments/vip.yaml").read_text()


def test_files_are_laid_out_and_named(messy: Shop) -> None:
    done = messy.run("fmt")
    assert (done.code, done.out) == (0, "formatted segments/vip.yaml\n")
    assert "1 file formatted" in done.err
    assert vip(messy) == TIDY
    again = messy.run("fmt")
    assert (again.code, again.out) == (0, "")


def test_check_and_diff_write_nothing(messy: Shop) -> None:
    check = messy.run("fmt", "--check")
    assert (check.code, check.out) == (1, "would format segments/vip.yaml\n")
    diff = messy.run("fmt", "--diff")
    assert diff.code == 1
    assert diff.out.startswith("--- segments/vip.yaml\n+++ segments/vip.yaml\n@@ -1,3 +1,3 @@\n-name:   vip\n")
    assert vip(messy) == MESSY
    messy.run("fmt")
    assert messy.run("fmt", "--check", "--diff").code == 0


def test_json(messy: Shop) -> None:
    messy.write("segments/bad.yaml", "kind: [\n")
    done = messy.run("fmt", "--check", "--format", "json")
    said = json.loads(done.out)
    assert (done.code, said["changed"], said["written"]) == (1, ["segments/vip.yaml"], False)
    assert [one["file"] for one in said["diagnostics"]] == ["segments/bad.yaml"]


def test_a_file_with_errors_is_named_and_left_alone_and_the_others_are_laid_out(messy: Shop) -> None:
    bad = "kind:   segment\nname: [\n"
    messy.write("segments/bad.yaml", bad)
    done = messy.run("fmt")
    assert done.code == 1
    assert "segments/bad.yaml:2:8: error[yaml-syntax]" in done.err
    assert (messy.folder / "segments/bad.yaml").read_text() == bad
    assert vip(messy) == TIDY


def test_a_definition_that_is_wrong_is_laid_out_all_the_same(shop: Shop) -> None:
    shop.write("segments/draft.yaml", "kind: segment\nname:   draft\nwere: {}\n")
    assert shop.run("fmt").code == 0
    assert (shop.folder / "segments/draft.yaml").read_text() == "kind: segment\nname: draft\nwere: {}\n"


def test_paths_and_selections(messy: Shop) -> None:
    messy.write("segments/deep/other.yaml", MESSY.replace("vip", "other"))
    messy.write("elsewhere.yaml", "a:   1\n")
    assert messy.run("fmt", "--check", "segments/deep").out == "would format segments/deep/other.yaml\n"
    assert messy.run("fmt", "--check", "elsewhere.yaml").out == "would format elsewhere.yaml\n"
    assert messy.run("fmt", "--check", "--select", "vip").out == "would format segments/vip.yaml\n"
    assert messy.run("fmt", "--check", "--exclude", "vip").out == "would format segments/deep/other.yaml\n"
    assert messy.run("fmt", "nowhere.yaml").code == 1
    assert messy.run("fmt", "--select", "vipp").code == 64
    assert messy.run("fmt", "segments", "--select", "vip").code == 64


def test_the_mode_and_links_stay(messy: Shop) -> None:
    file = messy.folder / "segments/vip.yaml"
    file.chmod(0o640)
    kept = messy.folder / "kept"
    kept.mkdir()
    (kept / "linked.yaml").write_text(MESSY.replace("vip", "linked"))
    (messy.folder / "segments/linked.yaml").symlink_to("../kept/linked.yaml")
    assert messy.run("fmt").code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (messy.folder / "segments/linked.yaml").is_symlink()
    assert (kept / "linked.yaml").read_text() == TIDY.replace("vip", "linked")
    assert not list((messy.folder / "segments").glob(".*"))


def test_line_ends_and_marks(shop: Shop) -> None:
    path = shop.folder / "segments/win.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MESSY.replace("\n", "\r\n").encode())
    assert shop.run("fmt").code == 0
    assert path.read_bytes() == TIDY.replace("\n", "\r\n").encode()
    assert shop.run("fmt", "--check").code == 0


@pytest.mark.parametrize(
    ("given", "options", "expected"),
    [
        (MESSY, [], (0, TIDY)), (MESSY, ["--check"], (1, "")), (TIDY, ["--check"], (0, "")), ("a: [\n", [], (1, "")),
    ],
)  # fmt: skip
def test_stdin(
    given: str, options: list[str], expected: tuple[int, str], monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    done = shop.run("fmt", "-", *options)
    assert (done.code, done.out) == expected


def test_a_file_that_cannot_be_written_is_told(messy: Shop) -> None:
    (messy.folder / f"segments/.vip.yaml.{os.getpid()}.part").mkdir()
    done = messy.run("fmt")
    assert done.code == 1
    assert "segments/vip.yaml cannot be written" in done.err
    assert vip(messy) == MESSY


def test_our_own_files_are_laid_out() -> None:
    assert process(["-C", str(ROOT), "fmt", "--check"], {}).returncode == 0
