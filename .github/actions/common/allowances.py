"""`segctl-allow` lines in the description of a pull request: read, and honoured only if it is known who wrote them.

    segctl-allow: max_exit:vip because we agreed to drop the lapsed ones

Whoever may edit a description may write such a line: its author, and everybody with write permission. GitHub does
not say who wrote which line. So a line is honoured only if everybody who ever wrote the description may write to
the repository; an edit by somebody who may (ticking a box is one) does not make lines of others theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from api import Api, ApiError
from pulls import pulls_of
from runner import Runner

FORM = "segctl-allow: RULE:NAME because REASON"

_MOST, _LONGEST = 20, 500
_WRITERS = frozenset({"admin", "write"})
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?(?:_[A-Za-z0-9]+)?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MEANT = re.compile(r"segctl[-_ ]?allow\b", re.IGNORECASE)
_LINE = re.compile(
    r"segctl-allow:\s*(?P<allow>[a-z][a-z0-9_]*(?::[a-z][a-z0-9_.]*)?)\s+because\s+(?P<reason>\S.*)", re.IGNORECASE
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_QUERY = """query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      body
      url
      lastEditedAt
      author { __typename login }
      editor { __typename login }
      userContentEdits(first: 100) { totalCount nodes { editor { __typename login } } }
    }
  }
}"""


@dataclass
class Allowances:
    """What is honoured, as `segctl plan --allow-from` reads it; lines that are not, and why, for the comment.

    `malformed` are lines with what is wrong with each; `refused` says of a pull request why its lines are not
    honoured.
    """

    granted: list[dict[str, str]] = field(default_factory=list)
    malformed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def allowances(runner: Runner) -> Allowances:
    """What the descriptions of the pull requests of this run allow."""
    found, api = Allowances(), runner.api()
    try:
        for number in pulls_of(runner, api):
            _read(runner, api, number, found)
    except ApiError as error:
        found.granted.clear()
        found.refused.append(f"the description of the pull request cannot be read ({error})")
    return found


def _read(runner: Runner, api: Api, number: int, found: Allowances) -> None:
    owner, _, name = runner.repository.partition("/")
    answer = api.graphql({"query": _QUERY, "variables": {"owner": owner, "name": name, "number": number}})
    pull = (((answer or {}).get("data") or {}).get("repository") or {}).get("pullRequest")
    if answer.get("errors") or not pull:
        raise ApiError(200, str((answer.get("errors") or [{}])[0].get("message", "the pull request does not exist")))
    right, wrong = _lines(str(pull.get("body") or ""))
    found.malformed += wrong
    if not right:
        return
    refusal, by = _written_by(runner, api, pull)
    if refusal:
        found.refused.append(f"pull request {number}: {refusal}")
        return
    source = str(pull.get("url") or "")
    found.granted += [{"allow": allow, "reason": reason, "by": by, "source": source} for allow, reason in right]


def _lines(body: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The allowances of a description with their reasons; and the lines that were meant as one, with what is wrong."""
    right: list[tuple[str, str]] = []
    wrong = [
        (line, "it is in an HTML comment, which reviewers do not see")
        for hidden in _COMMENT.findall(body)
        for line in hidden.replace("<!--", "").replace("-->", "").splitlines()
        if _LINE.match(line.strip())
    ]
    for line, in_code in _visible(_COMMENT.sub("", body)):
        text = re.sub(r"^[-*+] +", "", line.strip()).strip("`").strip()
        if not _MEANT.match(text):
            continue
        problem = "it is in a code block" if in_code else _problem(text)
        if problem:
            wrong.append((text, problem))
        elif len(right) >= _MOST:
            wrong.append((text, f"there are more than {_MOST} such lines"))
        else:
            match = _LINE.fullmatch(text)
            right += [(match["allow"], " ".join(match["reason"].split()))] if match else []
    return right, wrong


def _visible(body: str) -> Iterator[tuple[str, bool]]:
    """The lines, each with whether it stands in a fenced block."""
    fence = ""
    for line in body.splitlines():
        found = _FENCE.match(line)
        if fence:
            closes = found and found[1].startswith(fence) and not found[2].strip()
            yield line, True
            fence = "" if closes else fence
        elif found:
            fence = found[1]
        else:
            yield line, False


def _problem(text: str) -> str:
    """What is wrong with a line; empty if nothing is."""
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for letter in text):
        return "it has invisible characters"
    if len(text) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    if _LINE.fullmatch(text):
        return ""
    if not re.match(r"segctl-allow:", text, re.IGNORECASE):
        return "it does not begin with `segctl-allow:`"
    if not re.search(r"\sbecause\s+\S", text, re.IGNORECASE):
        return "it gives no reason after `because`"
    return "the text before `because` is not RULE or RULE:NAME; one line allows one rule"


def _written_by(runner: Runner, api: Api, pull: dict[str, Any]) -> tuple[str, str]:
    """Why the lines of a description are not honoured, or else who is to be named for them: who wrote it last."""
    edits = pull.get("userContentEdits") or {}
    nodes = edits.get("nodes") or []
    if int(edits.get("totalCount") or 0) > len(nodes):
        return "its description has too many edits to find out who wrote the lines", ""
    last = pull.get("editor") if pull.get("lastEditedAt") else pull.get("author")
    writers = [pull.get("author"), last, *(one.get("editor") for one in nodes)]
    logins = list(dict.fromkeys(_login(one) for one in writers))
    for login in logins:
        if not login:
            return "the authors of its description are unknown: one is an app or a deleted account", ""
        allowed = _may_write(runner, api, login)
        if allowed is None:
            return f"the check of the write permission of `{login}`, author or editor of its description, failed", ""
        if not allowed:
            return f"`{login}`, author or editor of its description, has no write permission", ""
    return "", _login(last)


def _login(actor: Any) -> str:
    """The name of a person; apps have names that a person could have too."""
    if not isinstance(actor, dict) or actor.get("__typename") != "User":
        return ""
    login = str(actor.get("login") or "")
    return login if _LOGIN.fullmatch(login) else ""


def _may_write(runner: Runner, api: Api, login: str) -> bool | None:
    try:
        found = api.call("GET", f"/repos/{runner.repository}/collaborators/{quote(login, safe='')}/permission")
    except ApiError as error:
        return False if error.status == 404 else None  # noqa: PLR2004 no collaborator
    return str((found or {}).get("permission")) in _WRITERS
