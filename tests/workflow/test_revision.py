from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from segctl.diagnostics import SegctlError, Usage
from segctl.load.project import survey
from segctl.selection import parse
from segctl.workflow.revision import at_revision
from segctl.workflow.sought import sought

PROJECT = "kind: project\nname: shop\nusers: {path: users.csv, id: id}\n"
SEGMENT = "kind: segment\nname: {}\nwhere: {{attribute: age, at_least: {}}}\n"


class Repository:
    """A git repository whose project lies in a folder of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = root / "audiences"
        self.git("init", "-q", "-b", "main")
        self.write("segctl.yaml", PROJECT)

    def git(self, *arguments: str) -> str:
        who = {f"GIT_{role}_{part}": "ada" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env={**os.environ, **who}, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        file = self.project / "segments" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "x", "--allow-empty")

    def differing(self, reference: str) -> list[str]:
        return sorted(name for _, name in at_revision(self.project, reference).documents)

    def selected(self, *select: str) -> list[str]:
        return sorted(name for _, name in sought(survey(self.project), parse(select)).keys)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Committed on main: adults, kids, and a link to kids; then three changes in the work tree."""
    made = Repository(tmp_path)
    made.write("people/adults.yaml", SEGMENT.format("adults", 18))
    made.write("people/kids.yaml", SEGMENT.format("kids", 1))
    made.write("old.yaml", SEGMENT.format("old", 70))
    made.commit()
    return made


def test_definitions_that_differ_from_a_commit(repository: Repository) -> None:
    repository.write("people/adults.yaml", "# said otherwise\n" + SEGMENT.format("adults", "18.0"))
    repository.write("people/kids.yaml", SEGMENT.format("kids", 2))
    repository.write("new.yaml", SEGMENT.format("new", 3))
    assert repository.selected("git:main") == ["kids", "new"]
    assert repository.selected("git:HEAD,kids") == ["kids"]
    before = repository.git("status", "--porcelain")
    assert repository.differing("main") == ["adults", "kids", "old"]
    assert repository.git("status", "--porcelain") == before


def test_metadata_and_moved_files(repository: Repository) -> None:
    (repository.project / "segments/people/kids.yaml").unlink()
    repository.write("kids.yaml", SEGMENT.format("kids", 1))
    repository.write("old.yaml", SEGMENT.format("old", 70) + "owner: crm\n")
    assert repository.selected("git:main") == ["old"]


def test_where_a_branch_began(repository: Repository) -> None:
    repository.git("checkout", "-qb", "mine")
    repository.write("mine.yaml", SEGMENT.format("mine", 5))
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write("theirs.yaml", SEGMENT.format("theirs", 6))
    repository.commit()
    repository.git("checkout", "-q", "mine")
    assert repository.selected("git:main...") == ["mine"]
    assert repository.differing("main") == ["adults", "kids", "old", "theirs"]


def test_a_commit_whose_definitions_are_wrong_is_compared_as_written(repository: Repository) -> None:
    repository.write("broken.yaml", "kind: segment\nname: broken\nwhere: {atribute: age}\n")
    repository.commit()
    repository.write("broken.yaml", SEGMENT.format("broken", 5))
    assert repository.selected("git:main") == ["broken"]


def test_links_in_a_commit_are_followed_inside_of_it(repository: Repository) -> None:
    segments = repository.project / "segments"
    (segments / "people/linked.yaml").symlink_to("../../shared/linked.yaml")
    (segments / "lost.yaml").symlink_to("nowhere.yaml")
    (segments / "away.yaml").symlink_to("/etc/hostname")
    (repository.project / "shared").mkdir()
    (repository.project / "shared/linked.yaml").write_text(SEGMENT.format("linked", 8))
    repository.commit()
    assert repository.differing("HEAD") == ["adults", "kids", "linked", "old"]


def test_what_git_cannot_answer(repository: Repository) -> None:
    with pytest.raises(Usage, match="there is no commit `mian`") as raised:
        at_revision(repository.project, "mian")
    assert raised.value.hint == "did you mean `main`?"


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("release", "`git fetch origin release:release`"),
        ("a" * 40, f"`git fetch origin {'a' * 40}`"),
        ("abc1234", "`git fetch --unshallow`"),
        ("HEAD~99", "`git fetch --unshallow`"),
        ("--all", "`git fetch --unshallow`"),
    ],
)
def test_what_is_not_in_this_clone_comes_by_the_command_that_is_told(
    repository: Repository, wanted: str, hint: str
) -> None:
    with pytest.raises(Usage) as raised:
        at_revision(repository.project, wanted)
    assert hint in raised.value.hint


def test_a_branch_that_is_only_on_the_other_side_is_named_as_it_is_here(repository: Repository) -> None:
    subprocess.run(["git", "update-ref", "refs/remotes/origin/next", "HEAD"], cwd=repository.project, check=True)
    with pytest.raises(Usage) as raised:
        at_revision(repository.project, "next")
    assert raised.value.hint == "did you mean `origin/next`?"


def test_outside_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "segments").mkdir()
    with pytest.raises(SegctlError, match="needs a git repository"):
        at_revision(tmp_path, "main")


def test_what_git_tells_a_hook_does_not_mislead(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert repository.differing("main") == ["adults", "kids", "old"]
