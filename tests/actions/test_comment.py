from __future__ import annotations

import pytest

from tests.actions.github import LONGEST, Failure, GitHub
from tests.actions.running import Ran, Workplace

LIMITED = Failure(429, {"Retry-After": "1"}, "You have exceeded a secondary rate limit")
SECONDARY = Failure(403, {"Retry-After": "1"}, "You have exceeded a secondary rate limit. Please wait")
PRIMARY = Failure(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, "API rate limit exceeded")
UNSAID = Failure(403, {}, "You have exceeded a secondary rate limit")


def comment(work: Workplace, text: str = "plan", **inputs: str) -> Ran:
    work.folder.mkdir(exist_ok=True)
    (work.folder / "body.md").write_text(text, encoding="utf-8")
    return work.run("comment", body_file=str(work.folder / "body.md"), **inputs)


def test_it_is_found_on_any_page(work: Workplace, hub: GitHub) -> None:
    for number in range(230):
        hub.comment(f"talk {number}", by="somebody")
    ours = hub.comment("<!-- segctl:default -->\nold")
    for number in range(30):
        hub.comment(f"more {number}", by="somebody")
    assert comment(work, "new").outputs == {"comment": "updated"}
    assert ours["body"] == "<!-- segctl:default -->\nnew"
    assert sum(method == "GET" for method, _ in hub.asked) == 3


def test_a_marker_of_somebody_else_is_no_comment_of_ours(work: Workplace, hub: GitHub) -> None:
    theirs = hub.comment("<!-- segctl:default -->\nfake", by="mallory")
    quoted = hub.comment("look: <!-- segctl:default -->")
    assert comment(work, "new").outputs == {"comment": "created"}
    assert theirs["body"].endswith("fake")
    assert quoted["body"].startswith("look")


def test_a_marker_inside_the_text_is_taken_out(work: Workplace, hub: GitHub) -> None:
    comment(work, "<!-- segctl:other -->\nplan <!--segctl:third--> text")
    assert hub.bodies() == ["<!-- segctl:default -->\nplan  text"]


@pytest.mark.parametrize("length", [LONGEST - 100, LONGEST, LONGEST * 4])
def test_it_is_never_longer_than_a_comment_may_be(work: Workplace, hub: GitHub, length: int) -> None:
    assert comment(work, "é" * length).outputs == {"comment": "created"}
    assert len(hub.bodies()[0]) <= LONGEST
    assert ("Truncated" in hub.bodies()[0]) == (length > LONGEST - 100)


@pytest.mark.parametrize("failure", [LIMITED, SECONDARY, PRIMARY, UNSAID], ids=lambda f: f"{f.status}-{len(f.headers)}")
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_limits_are_waited_for(work: Workplace, hub: GitHub, failure: Failure, method: str) -> None:
    if method == "PATCH":
        hub.comment("<!-- segctl:default -->\nold")
    hub.failures = [Failure(failure.status, failure.headers, failure.message, method)] * 2
    assert comment(work, "new").outputs["comment"] in {"created", "updated"}
    assert hub.bodies() == ["<!-- segctl:default -->\nnew"]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_failures_of_the_server_are_tried_again(work: Workplace, hub: GitHub, status: int, method: str) -> None:
    if method == "PATCH":
        hub.comment("<!-- segctl:default -->\nold")
    hub.failures = [Failure(status, method=method)]
    assert comment(work, "new").code == 0
    assert hub.bodies() == ["<!-- segctl:default -->\nnew"]


@pytest.mark.parametrize("cut", [False, True])
def test_an_answer_that_is_lost_makes_no_second_comment(work: Workplace, hub: GitHub, *, cut: bool) -> None:
    hub.failures = [Failure(502, method="POST", done=True, cut=cut)]
    assert comment(work, "new").outputs == {"comment": "created"}
    assert len(hub.comments) == 1


def test_a_comment_that_was_removed_in_the_meantime_is_written_again(work: Workplace, hub: GitHub) -> None:
    hub.comment("<!-- segctl:default -->\nold")
    hub.failures = [Failure(404, message="Not Found", method="PATCH")]
    assert comment(work, "new").outputs == {"comment": "created"}


def test_without_permission_the_run_goes_on(work: Workplace, hub: GitHub) -> None:
    hub.writable = False
    done = comment(work)
    assert (done.code, done.outputs) == (0, {"comment": "forbidden"})
    assert "::notice::" in done.log


def test_a_wrong_token_is_told_the_same(work: Workplace) -> None:
    assert comment(work, github_token="wrong").outputs == {"comment": "forbidden"}  # noqa: S106 of nobody


def test_what_is_refused_for_good_is_an_error_that_says_why(work: Workplace, hub: GitHub) -> None:
    hub.failures = [Failure(422, message="Validation Failed", method="POST")]
    done = comment(work)
    assert done.code == 1
    assert "::error::The comment could not be written: 422: Validation Failed" in done.log
    assert hub.methods() == ["POST"]


def test_a_server_that_stays_down_is_given_up(work: Workplace, hub: GitHub) -> None:
    hub.failures = [Failure(503) for _ in range(50)]
    done = comment(work)
    assert done.code == 1
    assert "503" in done.log
    assert len(hub.asked) == 5


def test_the_token_goes_to_no_other_host(work: Workplace, hub: GitHub) -> None:
    for number in range(120):
        hub.comment(f"talk {number}", by="somebody")
    hub.elsewhere = True
    assert "another host" in comment(work).log
    hub.elsewhere, hub.comments = False, []
    hub.failures = [Failure(302, {"Location": "http://elsewhere.example/"}, method="GET")]
    assert "another host" in comment(work).log


def test_a_redirect_on_the_host_is_followed(work: Workplace, hub: GitHub) -> None:
    hub.failures = [
        Failure(307, {"Location": f"{hub.url}/repos/acme/shop/issues/7/comments?per_page=100"}, method="GET")
    ]
    assert comment(work).outputs == {"comment": "created"}


def test_a_pull_request_is_a_number(work: Workplace) -> None:
    assert comment(work, pull_request="7/../../x").code == 64
