"""`segctl-allow` lines: which are read, and whose count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.actions.github import Failure, GitHub
from tests.actions.running import pull_request, workflow_run
from tests.actions.scripts import module, runner

LINE = "segctl-allow: max_exit:vip because the sale is over"
VIP = {"allow": "max_exit:vip", "reason": "the sale is over"}
MERGED = "a" * 40


def read(hub: GitHub, folder: Path, event: dict[str, Any] | None = None, **environ: str) -> Any:
    hub.people = {"ada": "admin", "bob": "write", "mallory": "read", "tom": "none"}
    return module("allowances").allowances(runner(hub.url, event or pull_request(), folder, **environ))


def test_a_line_of_somebody_who_may_write_counts_with_who_and_where(hub: GitHub, tmp_path: Path) -> None:
    hub.describe(f"We drop the lapsed ones.\n\n{LINE}\nsegctl-allow: max_removed because spring cleaning\n")
    found = read(hub, tmp_path)
    given = {"by": "ada", "source": "https://github.example/acme/shop/pull/7"}
    assert found.granted == [VIP | given, {"allow": "max_removed", "reason": "spring cleaning"} | given]
    assert (found.malformed, found.refused) == ([], [])


@pytest.mark.parametrize(
    ("writers", "why"),
    [
        (("ada",), ""),
        (("bob",), ""),
        (("bob", "ada"), ""),
        (("mallory",), "`mallory`, author or editor of its description, has no write permission"),
        (("tom",), "`tom`, author or editor of its description, has no write permission"),
        (("nobody",), "`nobody`, author or editor of its description, has no write permission"),
        (
            ("mallory", "ada"),
            "`mallory`, author or editor of its description, has no write permission",
        ),  # ada ticked a box
        (("ada", "mallory"), "`mallory`, author or editor of its description, has no write permission"),
        (("ada", "mallory", "ada"), "`mallory`, author or editor of its description, has no write permission"),
        ((None,), "authors of its description are unknown"),
        (("ada", None), "authors of its description are unknown"),
        (("ada", None, "ada"), "authors of its description are unknown"),
        (("app/ada",), "authors of its description are unknown"),  # an app has its name apart from people's
        (("ada", "app/bob"), "authors of its description are unknown"),
    ],
)
def test_everybody_who_wrote_in_the_description_has_to_have_write_permission(
    hub: GitHub, tmp_path: Path, writers: tuple[str | None, ...], why: str
) -> None:
    author, *edits = writers
    hub.describe(LINE, author, *edits)  # type: ignore[arg-type]
    found = read(hub, tmp_path)
    if why:
        assert (found.granted, why in found.refused[0]) == ([], True), found.refused
    else:
        assert [one["by"] for one in found.granted] == [writers[-1]]


def test_more_edits_than_are_told_are_too_many(hub: GitHub, tmp_path: Path) -> None:
    hub.describe(LINE, "ada", "ada", count=101)
    assert "too many edits" in read(hub, tmp_path).refused[0]


@pytest.mark.parametrize("failure", [Failure(403, message="no"), Failure(500), Failure(401)])
def test_where_permission_cannot_be_told_nothing_counts(hub: GitHub, tmp_path: Path, failure: Failure) -> None:
    hub.describe(LINE)
    runs = module("allowances").Api._tried  # five tries of what may pass by itself

    def failing(api: Any, method: str, address: str, body: Any) -> Any:
        if address.endswith("/permission"):
            hub.failures = [failure] * 5
        return runs(api, method, address, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module("allowances").Api, "_tried", failing)
        found = read(hub, tmp_path)
    assert (found.granted, "check of the write permission" in found.refused[0]) == ([], True)


def test_a_description_that_cannot_be_read_allows_nothing(hub: GitHub, tmp_path: Path) -> None:
    hub.describe(LINE)
    hub.descriptions = False
    found = read(hub, tmp_path)
    assert (found.granted, "cannot be read" in found.refused[0]) == ([], True)
    assert "cannot be read" in read(hub, tmp_path, INPUT_GITHUB_TOKEN="wrong").refused[0]  # noqa: S106 of nobody


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        f"  {LINE}  ",
        f"- {LINE}",
        f"`{LINE}`",
        f"* `{LINE}`",
        "Segctl-Allow:max_exit:vip  because the sale  is over",
    ],
)
def test_ways_to_write_a_line(hub: GitHub, tmp_path: Path, line: str) -> None:
    hub.describe(f"words\r\n{line}\r\nwords")
    found = read(hub, tmp_path)
    assert [{key: one[key] for key in VIP} for one in found.granted] == [VIP]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("segctl-allow max_exit:vip because x", "does not begin with `segctl-allow:`"),
        ("segctl allow: max_exit:vip because x", "does not begin with `segctl-allow:`"),
        ("segctl-allow: max_exit:vip", "no reason after `because`"),
        ("segctl-allow: max_exit:vip because", "no reason after `because`"),
        ("segctl-allow: because x", "not RULE or RULE:NAME"),
        ("segctl-allow: max_exit:vip, max_enter:vip because x", "one line allows one rule"),
        ("segctl-allow: --allow=x because x", "not RULE or RULE:NAME"),
        ("segctl-allow: max_exit:vip because of \u200bthis", "invisible characters"),
        ("segctl-allow: max_exit:vip because " + "x" * 600, "longer than 500"),
        (f"<!-- {LINE} -->", "reviewers do not see"),
        (f"<!--\n{LINE}\nand no end", "reviewers do not see"),
        (f"```\n{LINE}\n```", "in a code block"),
        (f"~~~~text\n```\n{LINE}\n~~~\n~~~~", "in a code block"),
    ],
)
def test_lines_that_do_not_count_are_told_with_why(hub: GitHub, tmp_path: Path, body: str, why: str) -> None:
    hub.describe(body)
    found = read(hub, tmp_path)
    assert found.granted == []
    assert [why in problem for _, problem in found.malformed] == [True], found.malformed


@pytest.mark.parametrize(
    "body", ["", "Nothing.", "> " + LINE, f"we once wrote {LINE}", "<!-- segctl-allow: RULE:NAME because REASON"]
)
def test_what_is_no_line_of_its_own_is_words(hub: GitHub, tmp_path: Path, body: str) -> None:
    hub.describe(body)
    found = read(hub, tmp_path)
    assert found.granted == []
    assert len(found.malformed) == body.startswith("<!--")


def test_many_lines_are_cut(hub: GitHub, tmp_path: Path) -> None:
    hub.describe("\n".join(f"segctl-allow: max_exit:s{number} because x" for number in range(30)))
    found = read(hub, tmp_path)
    assert (len(found.granted), len(found.malformed)) == (20, 10)


def push(commits: list[str], branch: str = "main") -> dict[str, Any]:
    return {"ref": f"refs/heads/{branch}", "after": commits[-1], "commits": [{"id": one} for one in commits]}


@pytest.mark.parametrize("way", ["merge", "squash", "queue"])
def test_a_push_takes_what_the_pull_requests_allow_that_it_merged(hub: GitHub, tmp_path: Path, way: str) -> None:
    done: dict[str, Any] = {"state": "closed", "merged_at": "2026-11-22T10:00:00Z", "base": {"ref": "main"}}
    hub.describe(LINE, number=7, merge_commit_sha=MERGED, **done)
    hub.describe("segctl-allow: max_exit because over", number=6, merge_commit_sha="b" * 40, **done)
    commits = {"merge": ["c" * 40, MERGED], "squash": [MERGED], "queue": [MERGED, "d" * 40]}[way]
    found = read(hub, tmp_path, push(commits), GITHUB_EVENT_NAME="push")
    assert [one["allow"] for one in found.granted] == ["max_exit:vip"], "what an earlier push merged is over"


@pytest.mark.parametrize(
    "other",
    [{"merged_at": None}, {"merge_commit_sha": "e" * 40}, {"base": {"ref": "other"}}],
    ids=["closed", "elsewhere", "branch"],
)
def test_a_push_takes_nothing_of_other_pull_requests(hub: GitHub, tmp_path: Path, other: dict[str, Any]) -> None:
    done = {"state": "closed", "merged_at": "2026-11-22T10:00:00Z", "base": {"ref": "main"}, "merge_commit_sha": MERGED}
    hub.describe(LINE, **{**done, **other})
    assert read(hub, tmp_path, push([MERGED]), GITHUB_EVENT_NAME="push").granted == []
    tag = push([MERGED]) | {"ref": "refs/tags/v1"}
    assert read(hub, tmp_path, tag, GITHUB_EVENT_NAME="push").granted == []


def test_the_run_after_a_forks_finds_its_pull_request(hub: GitHub, tmp_path: Path) -> None:
    hub.describe(LINE, "mallory", number=7, head={"label": "mallory:patch-1", "sha": "f00"})
    assert "`mallory`" in read(hub, tmp_path, workflow_run()).refused[0]
    hub.describe(LINE, "ada", number=7, head={"label": "mallory:patch-1", "sha": "f00"})
    assert len(read(hub, tmp_path, workflow_run()).granted) == 1


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch", "issue_comment"])
def test_other_events_are_about_no_pull_request(hub: GitHub, tmp_path: Path, event: str) -> None:
    hub.describe(LINE)
    found = read(hub, tmp_path, {"issue": {"number": 7}}, GITHUB_EVENT_NAME=event)
    assert (found.granted, found.refused, hub.asked) == ([], [], [])
