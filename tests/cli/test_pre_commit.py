"""The hooks, run by the real pre-commit over a repository of its own.

Here they run as `language: system`, with the segctl that is under test; for others pre-commit builds an environment
from the same manifest, which takes the package's dependencies from a registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = ("segctl-fmt", "segctl-validate", "segctl-test")
PROJECT = "kind: project\nname: shop\nusers: {path: users.csv, id: id}\n"
ADULTS = "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n"
TEST = """\
kind: test
name: adults_edges
as_of: 2026-01-01
given:
  users:
    - {id: a, age: 18}
expect:
  adults: {in: [a]}
"""


@dataclass(frozen=True)
class Repository:
    """Somebody's repository that uses the hooks."""

    root: Path
    home: Path

    def git(self, *arguments: str) -> str:
        return self.run("git", "-c", "commit.gpgsign=false", *arguments).stdout

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        who = {f"GIT_{role}_{part}": "ada" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        tools = str(Path(sys.executable).parent)
        environ = {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "HOME": str(self.home),
            "PRE_COMMIT_HOME": str(self.home / "cache"), "GIT_CONFIG_NOSYSTEM": "1", **who,
        }  # fmt: skip
        return subprocess.run(arguments, cwd=self.root, env=environ, check=False, capture_output=True, text=True)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def hooks(self) -> tuple[int, dict[str, str], str]:
        """The exit code, each hook's verdict, and everything that was said."""
        self.git("add", "-A")
        done = self.run(sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never")
        lines = [line.rstrip() for line in done.stdout.splitlines()]
        verdicts = {
            hook: next((line.rpartition(".")[2] for line in lines if line.startswith(hook.replace("-", " ") + ".")), "")
            for hook in HOOKS
        }
        return done.returncode, verdicts, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Its hooks come from a clone that holds our manifest."""
    source = Repository(tmp_path / "segctl", tmp_path / "home")
    for folder in (source.root, source.home):
        folder.mkdir()
    shutil.copy(MANIFEST, source.root)
    source.git("init", "-q", "-b", "main")
    source.git("add", "-A")
    source.git("commit", "-qm", "hooks")
    made = Repository(tmp_path / "shop", source.home)
    made.root.mkdir()
    made.git("init", "-q", "-b", "main")
    hooks = [{"id": hook, "language": "system"} for hook in HOOKS]
    rev = source.git("rev-parse", "HEAD").strip()
    made.write(
        ".pre-commit-config.yaml", yaml.safe_dump({"repos": [{"repo": str(source.root), "rev": rev, "hooks": hooks}]})
    )
    made.write("segments/segctl.yaml", PROJECT)
    made.write("segments/adults.yaml", ADULTS)
    made.write("segments/tests/adults.yaml", TEST)
    return made


def test_what_is_right_passes(repository: Repository) -> None:
    code, verdicts, said = repository.hooks()
    assert (code, set(verdicts.values())) == (0, {"Passed"}), said


def test_each_hook_fails_on_what_it_is_for(repository: Repository) -> None:
    repository.write("segments/adults.yaml", ADULTS.replace("name: adults", "name:   adults"))
    repository.write("segments/tests/adults.yaml", TEST.replace("age: 18", "age: 17"))
    code, verdicts, said = repository.hooks()
    assert (code, verdicts) == (1, {"segctl-fmt": "Failed", "segctl-validate": "Passed", "segctl-test": "Failed"}), said
    assert "formatted segments/adults.yaml" in said
    assert (repository.root / "segments/adults.yaml").read_text() == ADULTS
    repository.write("segments/tests/adults.yaml", TEST)
    repository.write("segments/adults.yaml", ADULTS.replace("at_least", "atleast"))
    code, verdicts, said = repository.hooks()
    assert (code, verdicts["segctl-fmt"], verdicts["segctl-validate"]) == (1, "Passed", "Failed"), said
    assert "did you mean `at_least`?" in said


def test_a_commit_is_stopped(repository: Repository) -> None:
    repository.run(sys.executable, "-m", "pre_commit", "install")
    repository.write("segments/adults.yaml", "kind: segment\n")
    repository.git("add", "-A")
    stopped = repository.run("git", "commit", "-m", "wrong")
    assert stopped.returncode == 1
    assert "`where` is missing" in stopped.stderr
    repository.write("segments/adults.yaml", ADULTS)
    repository.git("add", "-A")
    assert repository.run("git", "commit", "-m", "right").returncode == 0


def test_other_files_start_no_hook(repository: Repository) -> None:
    repository.git("add", "-A")
    repository.git("commit", "-qm", "all", "--no-verify")
    repository.write("notes.yaml", "a:   1\n")
    repository.git("add", "-A")
    done = repository.run(sys.executable, "-m", "pre_commit", "run", "--color=never")
    assert done.returncode == 0
    assert done.stdout.count("Skipped") == len(HOOKS)


def test_the_manifest_says_what_the_hooks_need() -> None:
    hooks = yaml.safe_load(MANIFEST.read_text())
    assert {hook["id"] for hook in hooks} == set(HOOKS)
    for hook in hooks:
        assert hook["language"] == "python"
        assert hook["types"] == ["yaml"]
        assert hook["require_serial"] is True
