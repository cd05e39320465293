from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.pages import ROOT, alive, expected, live_pages


@pytest.mark.parametrize("page", live_pages(), ids=lambda page: page.stem)
def test_a_page_shows_what_the_commands_print(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == expected(page), "run `make docs`"


def test_a_live_page_writes_its_files_and_runs_its_commands(tmp_path: Path) -> None:
    page = (
        "<!-- file: a/b.txt -->\n```yaml\nsegment\n```\ntext\n"
        "<!-- run -->\n```console\n$ cat a/b.txt\nlies\n$ echo two >&2\n```\n"
    )
    assert alive(page, tmp_path) == page.replace("lies\n", "segment\n").replace(">&2\n", ">&2\ntwo\n")


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"](docs/{page.name})" not in readme] == []
