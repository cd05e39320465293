from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import yaml

from tests.house.pages import ROOT

LOCK = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8")


def test_the_requirements_are_what_pyproject_says() -> None:
    derived = subprocess.run(
        [sys.executable, ".ci/requirements.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (ROOT / ".ci" / "requirements.in").read_text(encoding="utf-8") == derived.stdout


def test_every_requirement_is_locked_with_hashes() -> None:
    wanted = [re.split(r"[\[><=]", line)[0] for line in (ROOT / ".ci" / "requirements.in").read_text().splitlines()[1:]]
    for name in wanted:
        normal = re.sub(r"[-_.]+", "-", name)
        assert re.search(rf"^{re.escape(normal)}==\S+ .*\\\n    --hash=sha256:", LOCK, re.MULTILINE | re.IGNORECASE), (
            name
        )


def test_the_lock_names_no_registry_and_no_machine() -> None:
    assert "make lock" in LOCK.splitlines()[1]
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links|/(root|home|opt|work)/", LOCK)


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE)
    explained = re.findall(r"^(\S+):.*## \S", makefile, re.MULTILINE)
    assert phony == explained
    assert {"venv", "demo", "test", "check", "bench", "lock", "schema", "clean"} <= set(explained)
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\S+)", told, re.MULTILINE) == explained


def test_workflows_have_no_rights_by_default_and_pin_what_they_use() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}, path.name
        assert all(job["permissions"] == {"contents": "read"} for job in workflow["jobs"].values()), path.name
        for used in re.findall(r"uses: (\S+.*)$", text, re.MULTILINE):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", used), f"{path.name}: {used}"
        assert "pull_request_target" not in text


def test_ci_tests_every_python_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert project["requires-python"] == ">=3.11,<3.14"
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
