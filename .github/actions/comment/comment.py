"""Comment: one comment on a pull request for each environment, kept up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from api import Api, ApiError
from pulls import pull_of_run
from runner import Runner, Wrong, say, wrong

LONGEST = 65_536
BEHAVIOURS = ("update", "new", "hide-and-new", "delete-and-new", "none")
_CUT = "\n\n**Truncated:** this text is longer than a comment may be; the artifact of the run has the full text.\n"
_HIDE = """mutation($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized } }
}"""


def main(runner: Runner) -> int:
    """Write the comment; where the token may not write, the summary has to do."""
    behaviour = runner.choice("comment", BEHAVIOURS)
    number = _number(runner)
    if behaviour == "none":
        runner.output(comment="skipped")
        return 0
    body = _body(runner)
    try:
        number = number or pull_of_run(runner, runner.api())
        done = "skipped" if number is None else _written(runner, number, body, behaviour)
    except ApiError as error:
        if error.forbidden:
            say(
                "notice",
                "The token may not write comments (is this a pull request from a fork?); see the run's summary.",
            )
            runner.output(comment="forbidden")
            return 0
        say("error", f"The comment could not be written: {error}. The plan is in the run's summary.")
        runner.output(comment="failed")
        return 1
    runner.output(comment=done)
    return 0


def _number(runner: Runner) -> int | None:
    """The pull request: as named, or that of the event."""
    named = runner.input("pull-request")
    if named and not re.fullmatch(r"[1-9][0-9]{0,9}", named):
        raise Wrong("`pull-request` is not a number")
    if named:
        return int(named)
    pull = runner.event.get("pull_request")
    return int(pull["number"]) if pull else None


def _body(runner: Runner) -> str:
    """The comment from its file: as long as a comment may be, and with this environment's marker alone in front."""
    text = Path(runner.input("body-file")).read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"<!--\s*segctl:[^>]*-->\n?", "", text)
    body = f"{runner.marker}\n{text}"
    return body if len(body) <= LONGEST else body[: LONGEST - len(_CUT)] + _CUT


def _written(runner: Runner, number: int, body: str, behaviour: str) -> str:
    api = runner.api()
    comments = f"/repos/{runner.repository}/issues/{number}/comments"
    ours = [] if behaviour == "new" else list(_ours(runner, api, comments))
    quiet = runner.input("changes") == "false" and runner.input("only-changes", "true") == "true"
    if quiet and not ours:
        return "skipped"
    if behaviour == "update" and ours:
        return _updated(api, runner, comments, ours[0], body)
    _posted(api, runner, comments, body)
    for comment in ours if behaviour != "update" else ():
        _put_away(api, runner, comment, behaviour)
    return "created"


def _ours(runner: Runner, api: Api, comments: str) -> Any:
    """Our comments of this environment: with its marker in front, and by us; anybody may write a marker."""
    author = runner.input("author", "github-actions[bot]")
    for comment in api.pages(comments):
        by_us = (comment.get("user") or {}).get("login") == author
        if by_us and str(comment.get("body") or "").startswith(runner.marker):
            yield comment


def _updated(api: Api, runner: Runner, comments: str, comment: dict[str, Any], body: str) -> str:
    if str(comment["body"]).replace("\r\n", "\n").strip() == body.strip():
        return "unchanged"
    try:
        api.call("PATCH", f"/repos/{runner.repository}/issues/comments/{comment['id']}", {"body": body})
    except ApiError as error:
        if error.status != 404:  # noqa: PLR2004 it was removed in the meantime
            raise
        _posted(api, runner, comments, body)
        return "created"
    return "updated"


def _posted(api: Api, runner: Runner, comments: str, body: str) -> None:
    """Post, and where the answer was lost look whether it is there before posting again."""
    for left in (2, 1, 0):
        before = {comment["id"] for comment in _ours(runner, api, comments)}
        try:
            api.call("POST", comments, {"body": body})
        except ApiError as error:
            lost = error.status == 0 or error.status >= 500  # noqa: PLR2004 the server's fault
            if not lost or not left:
                raise
            if any(comment["id"] not in before for comment in _ours(runner, api, comments)):
                return
        else:
            return


def _put_away(api: Api, runner: Runner, comment: dict[str, Any], behaviour: str) -> None:
    """Hide or delete an older comment; one that stays does no harm."""
    try:
        if behaviour == "delete-and-new":
            api.call("DELETE", f"/repos/{runner.repository}/issues/comments/{comment['id']}")
        elif behaviour == "hide-and-new":
            _hidden(api, str(comment["node_id"]))
    except ApiError as error:
        say("warning", f"An older comment could not be hidden or deleted: {error}")


def _hidden(api: Api, node: str) -> None:
    answer = api.graphql({"query": _HIDE, "variables": {"id": node}})
    if answer.get("errors"):
        raise ApiError(200, str(answer["errors"][0].get("message", "")))


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
