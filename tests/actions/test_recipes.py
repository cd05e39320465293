"""The workflows of docs/ci.md, run as they stand there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import duckdb
import pytest

from segctl.cli.main import main
from tests.actions.github import REPOSITORY, GitHub
from tests.actions.recipes import Hosted, Job, is_triggered, recipe
from tests.actions.running import ROOT, pull_request, workflow_run
from tests.house.requirements import AWS_CLI
from tests.s3 import KEYS, S3, s3_server

TINY = ROOT / "tests" / "house" / "tiny"
MAIN, BRANCH, FORK = (letter * 40 for letter in "abf")
OIDC = {**KEYS, "AWS_DEFAULT_REGION": KEYS["AWS_REGION"], "AWS_SESSION_TOKEN": "of a few minutes"}
PUSH = {"ref": "refs/heads/main", "after": MAIN, "repository": {"full_name": REPOSITORY, "default_branch": "main"}}
ADULTS = "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n"


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_server() as server:
        yield server


def project(folder: Path, state: str, *, data: bool = True, adults: int = 18) -> Path:
    """A copy of the tiny project at its repository's root."""
    shutil.copytree(TINY, folder)
    if not data:
        shutil.rmtree(folder / "data")
    with (folder / "segments" / "segctl.yaml").open("a") as file:
        file.write(f"state: {state}\n")
    (folder / "segments" / "adults.yaml").write_text(ADULTS.replace("18", str(adults)))
    return folder


def hosted(hub: GitHub, tmp_path: Path, **sources: tuple[Path, str]) -> Hosted:
    """A host that checks out `ours` by default, and a fork as `theirs`."""
    hub.people = {"ada": "write"}
    hub.branches = {"main": [MAIN], "feature": [BRANCH]}
    hub.network = {FORK}
    hub.describe("Words.", "ada")
    checkouts = {"": sources["ours"]} | ({"mallory/shop": sources["theirs"]} if "theirs" in sources else {})
    environ = {"SEGCTL_COLOR": "never", "SEGCTL_AS_OF": "2026-11-22"}
    return Hosted(hub.url, tmp_path / "hosted", checkouts, environ=environ)


def put(s3: S3, bucket: str, prefix: str) -> None:
    """The tiny project's data as objects."""
    for path in (TINY / "data").iterdir():
        kind = {"Content-Type": "text/csv"}
        with urlopen(Request(f"{s3.endpoint}/{bucket}/{prefix}/{path.name}", path.read_bytes(), kind, method="PUT")):  # noqa: S310 loopback
            pass


def done(jobs: dict[str, Job]) -> dict[str, int]:
    return {name: job.code for name, job in jobs.items()}


@AWS_CLI.mark  # GitHub's runners have it
def test_data_and_state_on_s3(hub: GitHub, tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan with data from S3 and the index cached, a fork against a copy, refresh, drift."""
    bucket = s3.bucket()
    monkeypatch.setattr("tests.actions.test_recipes.BUCKET", bucket)
    for prefix in ("shop/data", "shop/sample"):
        put(s3, bucket, prefix)
    state = f"s3://{bucket}/state"
    ours = project(tmp_path / "main", state)
    host = hosted(hub, tmp_path, ours=(ours, MAIN))
    host.environ = {**host.environ, "AWS_ENDPOINT_URL": s3.endpoint, "AWS_ALLOW_HTTP": "true"}
    host.credentials = OIDC
    with pytest.MonkeyPatch.context() as environ:
        for name, value in s3.environ.items():
            environ.setenv(name, value)
        environ.chdir(ours)
        assert main(["apply", "--as-of", "2026-11-22", "--auto-approve"]) == 0
    host.sources[""] = (project(tmp_path / "branch", state, data=False, adults=30), BRANCH)
    planned_with_the_index_of_the_run_before(host, hub)
    host.sources[""] = (project(tmp_path / "bare", state, data=False), MAIN)
    host.sources["mallory/shop"] = (hostile(tmp_path, state), FORK)
    planned_for_a_fork(host, hub, tmp_path)
    refreshed(host)
    no_drift(host, hub)


BUCKET = ""


def on_s3(title: str) -> dict[str, Any]:
    """A recipe with the bucket of this test in the place of its own."""
    found: dict[str, Any] = json.loads(json.dumps(recipe(title)).replace("acme-lake", BUCKET))
    return found


def planned_with_the_index_of_the_run_before(host: Hosted, hub: GitHub) -> None:
    """The credentials are those that OIDC gave; the second run copies the data anew, and reads none of them."""
    workflow = on_s3("Data from S3")
    event = pull_request()
    event["pull_request"]["head"]["sha"] = BRANCH
    first = host.run(workflow, "pull_request", event)["plan"]
    assert first.code == 0, first.log
    assert "| update | segment `adults` | 8 → 5 | -3 | -3 |  |  |" in hub.bodies()[0]
    again = host.run(workflow, "pull_request", event)["plan"]
    assert again.code == 0, again.log
    (key,) = host.caches
    assert host.restored == [key]
    built, used = (job.place.folder / ".segctl" / "index" for job in (first, again))
    columns = [path.relative_to(built) for path in built.rglob("*.arrow")]
    assert columns
    assert all((built / one).stat().st_mtime_ns == (used / one).stat().st_mtime_ns for one in columns), "none is new"
    assert not host.run(workflow, "pull_request", pull_request(fork=True)), "a fork gets no credentials"


def hostile(tmp_path: Path, state: str) -> Path:
    """A fork that brings a state of its own, and a link in the place of the data."""
    folder = project(tmp_path / "fork", state, data=False, adults=40)
    (tmp_path / "elsewhere").mkdir()
    (folder / "data").symlink_to(tmp_path / "elsewhere")
    (folder / ".segctl").mkdir()
    (folder / ".segctl" / "head.json").write_text("{}")
    return folder


def planned_for_a_fork(host: Hosted, hub: GitHub, tmp_path: Path) -> None:
    """Against a copy of what is applied; nothing is written where the fork's link leads."""
    hub.describe("Words.", "mallory", number=9, head={"label": "mallory:patch-1", "sha": FORK})
    event = workflow_run(FORK) | {"repository": {"full_name": REPOSITORY, "default_branch": "main"}}
    event["workflow_run"]["event"] = "pull_request"
    jobs = host.run(on_s3("Pull requests from forks"), "workflow_run", event)
    assert done(jobs) == {"plan": 0, "comment": 0}, jobs["plan"].log
    (body,) = (one["body"] for one in hub.comments if one["issue"] == 9)
    assert "against serial 1" in body
    assert "| update | segment `adults` | 8 → 3 | -5 | -5 |  |  |" in body
    assert jobs["plan"].actions["plan"].outputs["plan-file"] == "", "a plan of a fork is never applied"
    assert not list((tmp_path / "elsewhere").iterdir())


def refreshed(host: Hosted) -> None:
    host.environ = {**host.environ, "SEGCTL_AS_OF": "2026-11-23"}
    job = host.run(on_s3("Refresh on a schedule"), "schedule", PUSH)["refresh"]
    assert job.code == 0, job.log
    assert job.actions["refresh"].outputs == {"exit-code": "0", "published": "true", "held": "false"}
    assert "### Refresh of production: published\n" in job.actions["refresh"].summary


def no_drift(host: Hosted, hub: GitHub) -> None:
    signed = Hosted(host.api, host.folder, host.sources, environ={**host.environ, **OIDC})
    shutil.copytree(TINY / "data", signed.sources[""][0] / "data")
    job = signed.run(recipe("Drift on a schedule"), "schedule", PUSH)["drift"]
    assert job.actions["drift"].outputs == {"exit-code": "0", "drift": "false", "issue": "none"}, job.log
    assert not hub.issues


def test_data_from_a_warehouse(hub: GitHub, tmp_path: Path) -> None:
    """Its export has the same members as the files that it was made of; equal data are equal files."""
    source = project(tmp_path / "main", str(tmp_path / "state"), data=False)
    settings = source / "segments" / "segctl.yaml"
    settings.write_text(settings.read_text().replace(".csv", ".parquet"))
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as lake:
        lake.execute("CREATE SCHEMA crm; CREATE SCHEMA sales")
        lake.execute(f"CREATE TABLE crm.users AS FROM read_csv('{TINY}/data/users.csv')")
        lake.execute(f"CREATE TABLE sales.orders AS FROM read_csv('{TINY}/data/orders.csv')")
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir()
    pip.write_text('#!/bin/sh\necho "$@" > "${0}.asked"\n')
    pip.chmod(0o755)
    host = hosted(hub, tmp_path, ours=(source, MAIN))
    host.secrets = {"WAREHOUSE": str(warehouse)}
    host.before = pip.parent
    job = host.run(recipe("Data from a warehouse"), "pull_request", pull_request())["plan"]
    assert job.code == 0, job.log
    assert "| create | segment `adults` | 0 → 8 | +8 | +8 |  |  |" in hub.bodies()[0]
    assert "--require-hashes" in (pip.parent / "pip.asked").read_text()
    assert str(warehouse) not in job.log


@pytest.mark.parametrize("title", ["Plan", "Data from S3", "Data from a warehouse", "Apply on merge"])
def test_paths_and_types_set_a_workflow_off(title: str) -> None:
    workflow = recipe(title)
    event = "push" if title == "Apply on merge" else "pull_request"
    for changed in ("segments/vip.yaml", "segments/team/vip.yaml", "policies/p.yaml", "lists/beta.csv"):
        assert is_triggered(workflow, event, changed=("README.md", changed)), changed
    assert not is_triggered(workflow, event, changed=("README.md", "docs/segments.md"))
    if event == "pull_request":
        assert is_triggered(workflow, event, "edited", ("segments/vip.yaml",)), "the description may allow something"
    else:
        assert is_triggered(workflow, "workflow_dispatch")


def test_apply_on_merge_by_hand_and_where_nothing_changes(hub: GitHub, tmp_path: Path) -> None:
    """What a guard refuses is allowed by the inputs of the workflow; nobody is asked about nothing."""
    source = project(tmp_path / "main", str(tmp_path / "state"))
    adults = source / "segments" / "adults.yaml"
    adults.write_text(f"{ADULTS}guards: {{min_members: 9}}\n")
    host = hosted(hub, tmp_path, ours=(source, MAIN))
    workflow = recipe("Apply on merge")
    given = {"allow": "min_members:adults", "reason": "a small shop"}
    jobs = host.run(workflow, "workflow_dispatch", PUSH, **given)
    assert done(jobs) == {"plan": 0, "apply": 0}, jobs["plan"].log
    assert "**Allowed:**\n\n- `min_members:adults`\n" in jobs["plan"].actions["plan"].summary
    assert jobs["apply"].actions["apply"].outputs["applied"] == "true"
    assert done(host.run(workflow, "push", PUSH)) == {"plan": 0}
