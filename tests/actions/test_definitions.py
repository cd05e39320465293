from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.actions.running import ACTIONS, ROOT, Workplace, action, pull_request, workflow_run

NAMES = tuple(sorted(path.parent.name for path in ACTIONS.glob("*/action.yml")))
PAGES = [ROOT / "docs" / "ci.md", ROOT / "docs" / "untrusted.md"]
FORBIDDEN = "pull_request_target"


def blocks(page: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def workflows() -> list[Any]:
    written = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
    return written + [yaml.safe_load(block) for page in PAGES for block in blocks(page)]


def steps_of(workflow: Any) -> list[dict[str, Any]]:
    jobs = workflow.get("jobs", {}).values() if isinstance(workflow, dict) else ()
    return [step for job in jobs for step in job.get("steps", ())]


@pytest.mark.parametrize("name", NAMES)
def test_every_input_and_output_is_described_and_used(name: str) -> None:
    definition = action(name)
    text = (ACTIONS / name / "action.yml").read_text()
    assert definition["runs"]["using"] == "composite"
    for key, one in {**definition["inputs"], **definition["outputs"]}.items():
        assert one["description"].endswith((".", "`failed`.")), key
    for key in definition["inputs"]:
        assert f"inputs.{key}" in text, key
    for step in definition["runs"]["steps"]:
        assert step.get("shell") == "bash" or "uses" in step


@pytest.mark.parametrize("name", NAMES)
def test_no_expression_stands_in_the_text_of_a_script(name: str) -> None:
    for step in action(name)["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_other_actions_are_pinned_by_their_whole_commit() -> None:
    steps = [step for name in NAMES for step in action(name)["runs"]["steps"]]
    steps += [step for workflow in workflows() for step in steps_of(workflow)]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    for one in used:
        assert re.fullmatch(r"[\w./-]+@([0-9a-f]{40}|COMMIT)|\./.*", one), one
    pins = {one.partition("@")[0]: one for one in used if not one.startswith(("./", "acme/", "OWNER/"))}
    assert all(one == pins[one.partition("@")[0]] for one in used if one.partition("@")[0] in pins), "one pin for each"


def test_workflows_have_least_permissions_and_no_dangerous_trigger() -> None:
    for workflow in workflows():
        if not isinstance(workflow, dict) or "jobs" not in workflow:
            continue
        triggers = workflow.get("on", workflow.get(True))
        assert FORBIDDEN not in str(triggers)
        assert workflow["permissions"] == {}, "none, but what a job asks for"
        for job in workflow["jobs"].values():
            assert "permissions" in job
            assert set(job["permissions"].values()) <= {"read", "write"}
        for step in steps_of(workflow):
            assert "${{" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_every_example_uses_inputs_that_there_are() -> None:
    for workflow in workflows():
        for step in steps_of(workflow):
            found = re.match(r"(?:OWNER/segctl/|\./)\.github/actions/([\w-]+)", step.get("uses", ""))
            if found:
                known = action(found[1])["inputs"]
                assert set(step.get("with", {})) <= set(known), step
                needed = {name for name, one in known.items() if one.get("required")}
                assert needed <= set(step.get("with", {})), step


def test_scripts_need_nothing_but_python() -> None:
    own = {path.stem for path in (ACTIONS / "common").glob("*.py")}
    for path in ACTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names | own


@pytest.mark.parametrize("event", [pull_request(), pull_request(fork=True), workflow_run()])
@pytest.mark.parametrize(
    ("name", "why"),
    [("apply", "only planned: apply"), ("refresh", "only planned: refresh"), ("drift", "on a schedule")],
)
def test_a_pull_request_is_never_published(work: Workplace, event: dict[str, Any], name: str, why: str) -> None:
    work.event, work.event_name = event, next(iter(event))
    done = work.run(name, project="shop", segctl="false")
    assert (done.code, why in done.log) == (64, True)


@pytest.mark.parametrize("name", ["apply", "refresh", "drift", "state-copy"])
def test_a_commit_of_a_fork_is_never_published(work: Workplace, name: str) -> None:
    """A workflow on `issue_comment` that has checked out the head of a pull request."""
    work.event, work.event_name = {"issue": {"number": 7}, "repository": {"default_branch": "main"}}, "issue_comment"
    work.check_out("f" * 40)
    more = {"folder": str(work.folder / "copy")} if name == "state-copy" else {}
    done = work.run(name, project="shop", segctl="false", **more)
    assert (done.code, "is not on a branch of this repository" in done.log) == (64, True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_yaml_of_the_pages_can_be_read(page: Path) -> None:
    for block in blocks(page):
        assert isinstance(yaml.safe_load(block), dict)


def test_the_note_on_gitlab_is_a_script_that_can_be_read() -> None:
    found = [yaml.safe_load(block) for block in blocks(PAGES[0])]
    (gitlab,) = [one for one in found if "note" in one]
    script = gitlab["note"]["script"][0]
    ast.parse(script.split("<<'SCRIPT'\n")[1].rpartition("SCRIPT")[0])
    for job in ("plan", "note", "apply"):
        assert gitlab[job]["stage"] in gitlab["stages"]
