"""A stand-in of GitHub's REST API on loopback, as its documentation says: pages, limits, permissions, refusals."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

LONGEST = 65_536
TOKEN = "ghs_secret"  # noqa: S105 of nobody
BOT = "github-actions[bot]"
REPOSITORY = "acme/shop"

Json = dict[str, Any]


@dataclass
class Failure:
    """An answer that a request gets instead of the right one; `done` if the request is carried out all the same."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    method: str = ""
    done: bool = False
    cut: bool = False


@dataclass
class GitHub:
    """What the repository holds, which failures are still to come, and what was asked.

    `people` have permissions; `branches` have their commits, the last one is the head; the `network` has commits of
    forks too, which the API finds by this repository's name. Without `descriptions` the token may not read pull
    requests.
    """

    writable: bool = True
    comments: list[Json] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    pulls: list[Json] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    branches: dict[str, list[str]] = field(default_factory=lambda: {"main": []})
    network: set[str] = field(default_factory=set)
    descriptions: bool = True
    hidden: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    elsewhere: bool = False
    _id: int = 1000

    def number(self) -> int:
        self._id += 1
        return self._id

    def comment(self, body: str, by: str = BOT, issue: int = 7) -> Json:
        number = self.number()
        made = {"id": number, "node_id": f"IC_{number}", "body": body, "user": {"login": by}, "issue": issue}
        self.comments.append(made)
        return made

    def issue(self, body: str, by: str = BOT, **more: Any) -> Json:
        made = {"number": self.number(), "body": body, "user": {"login": by}, "state": "open", **more}
        self.issues.append(made)
        return made

    def describe(self, body: str, by: str = "ada", *edits: str | None, number: int = 7, **more: Any) -> Json:
        """A pull request with a description that its author wrote, and others edited; None is somebody who is gone."""
        pull = {"number": number, "body": body, "author": by, "edits": list(edits), **more}
        self.pulls = [one for one in self.pulls if one["number"] != number] + [pull]
        return pull

    def bodies(self) -> list[str]:
        return [str(comment["body"]) for comment in self.comments]

    def methods(self) -> list[str]:
        return [method for method, _ in self.asked if method != "GET"]


@contextmanager
def github() -> Iterator[GitHub]:
    """A server as long as the block runs."""
    state = GitHub()

    class Handler(_Handler):
        github = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Refused(Exception):
    def __init__(self, status: int, message: str, *causes: str) -> None:
        super().__init__(message)
        self.status, self.message, self.causes = status, message, causes


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"
    method = ""
    """What a request does: a question to the GraphQL API reads, though it is sent by POST."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base's name
        """Silent."""

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 the base's names

    def _handle(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        self.method = "GET" if str(body.get("query", "")).startswith("query") else self.command
        self.github.asked.append((self.method, self.path))
        failure = next((one for one in self.github.failures if one.method in {"", self.method}), None)
        if failure is not None:
            self.github.failures.remove(failure)
            if failure.done:
                self._route(body)
            if failure.cut:
                self.close_connection = True
                return
            self._answer(failure.status, {"message": failure.message}, failure.headers)
            return
        try:
            self._answer(*self._route(body))
        except _Refused as no:
            self._answer(no.status, {"message": no.message, "errors": [{"message": cause} for cause in no.causes]})

    def _route(self, body: Json) -> tuple[int, Any, dict[str, str]]:
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            raise _Refused(401, "Bad credentials")
        if not self.headers.get("user-agent"):
            raise _Refused(403, "Request forbidden by administrative rules")
        path = urlsplit(self.path).path
        if self.method != "GET" and not self.github.writable:
            raise _Refused(403, "Resource not accessible by integration")
        if path == "/graphql":
            return self._graphql(body)
        for method, pattern, answer in _ROUTES:
            found = re.fullmatch(f"/repos/{REPOSITORY}{pattern}", path)
            if found and method == self.command:
                return answer(self, found, body)  # type: ignore[no-any-return]
        raise _Refused(404, "Not Found")

    def _graphql(self, body: Json) -> tuple[int, Any, dict[str, str]]:
        if "pullRequest(" in body["query"]:
            return self._description(body["variables"])
        node = body["variables"]["id"]
        if node not in {comment["node_id"] for comment in self.github.comments}:
            return 200, {"data": None, "errors": [{"message": "Could not resolve to a node"}]}, {}
        assert "classifier: OUTDATED" in body["query"]
        self.github.hidden.append(node)
        return 200, {"data": {"minimizeComment": {"minimizedComment": {"isMinimized": True}}}}, {}

    def _description(self, variables: Json) -> tuple[int, Any, dict[str, str]]:
        assert f"{variables['owner']}/{variables['name']}" == REPOSITORY
        pull = next((one for one in self.github.pulls if one["number"] == variables["number"]), None)
        if pull is None or not self.github.descriptions:
            refusal = "Resource not accessible by integration" if pull else "Could not resolve to a PullRequest"
            return 200, {"data": {"repository": {"pullRequest": None}}, "errors": [{"message": refusal}]}, {}
        edits = (
            [pull["author"], *pull["edits"]] if pull.get("edits") else []
        )  # the first is the description as it began
        answer = {
            "body": pull.get("body", ""),
            "url": f"https://github.example/{REPOSITORY}/pull/{pull['number']}",
            "lastEditedAt": "2026-11-22T10:00:00Z" if edits else None,
            "author": _actor(pull.get("author", "ada")),
            "editor": _actor(edits[-1]) if edits else None,
            "userContentEdits": {
                "totalCount": pull.get("count", len(edits)),
                "nodes": [{"editor": _actor(one)} for one in reversed(edits)],
            },
        }
        return 200, {"data": {"repository": {"pullRequest": answer}}}, {}

    # --- commits and people --------------------------------------------------------------------------

    def _permission(self, found: re.Match[str], _: Json) -> Any:
        permission = self.github.people.get(found[1])
        if permission is None:
            raise _Refused(404, f"{found[1]} is not a user")
        return 200, {"permission": permission, "role_name": permission, "user": {"login": found[1]}}, {}

    def _repository(self, _: re.Match[str], __: Json) -> Any:
        return 200, {"full_name": REPOSITORY, "default_branch": "main"}, {}

    def _compare(self, found: re.Match[str], _: Json) -> Any:
        commits, head = self.github.branches.get(unquote(found[1])), found[2]
        known = {commit for branch in self.github.branches.values() for commit in branch} | self.github.network
        if commits is None or head not in known:
            raise _Refused(404, "Not Found")
        status = "identical" if commits[-1:] == [head] else "behind" if head in commits else "diverged"
        return 200, {"status": status}, {}

    def _where_head(self, found: re.Match[str], _: Json) -> Any:
        heads = [name for name, commits in self.github.branches.items() if commits[-1:] == [found[1]]]
        return self._page([{"name": name, "commit": {"sha": found[1]}} for name in heads])

    def _pulls_of_commit(self, found: re.Match[str], _: Json) -> Any:
        return self._page([one for one in self.github.pulls if one.get("merge_commit_sha") == found[1]])

    # --- lists ---------------------------------------------------------------------------------------

    def _page(self, found: list[Json]) -> tuple[int, Any, dict[str, str]]:
        query = parse_qs(urlsplit(self.path).query)
        size = min(int(query.get("per_page", ["30"])[0]), 100)
        page = int(query.get("page", ["1"])[0])
        headers = {}
        if page * size < len(found):
            kept = {name: values[0] for name, values in query.items()}
            host = "http://elsewhere.example" if self.github.elsewhere else self.github.url
            following = f"{host}{urlsplit(self.path).path}?{urlencode({**kept, 'page': page + 1})}"
            headers["Link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
        return 200, found[(page - 1) * size : page * size], headers

    def _list_comments(self, found: re.Match[str], _: Json) -> Any:
        return self._page([one for one in self.github.comments if one["issue"] == int(found[1])])

    def _list_issues(self, _: re.Match[str], __: Json) -> Any:
        state = parse_qs(urlsplit(self.path).query).get("state", ["open"])[0]
        return self._page([one for one in self.github.issues if state in {"all", one["state"]}])

    def _list_pulls(self, _: re.Match[str], __: Json) -> Any:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        found = [one for one in self.github.pulls if one.get("state", "open") == query.get("state", "open")]
        if "head" in query:
            found = [one for one in found if one.get("head", {}).get("label") == query["head"]]
        if "base" in query:
            found = [one for one in found if one.get("base", {}).get("ref") == query["base"]]
        return self._page(found)

    # --- writing -------------------------------------------------------------------------------------

    def _checked(self, body: Json) -> str:
        text = body.get("body")
        if not isinstance(text, str) or not text.strip():
            raise _Refused(422, "Validation Failed", "body can't be blank")
        if len(text) > LONGEST:
            raise _Refused(422, "Validation Failed", "body is too long (maximum is 65536 characters)")
        return text

    def _post_comment(self, found: re.Match[str], body: Json) -> Any:
        return 201, self.github.comment(self._checked(body), issue=int(found[1])), {}

    def _comment(self, found: re.Match[str]) -> Json:
        for one in self.github.comments:
            if one["id"] == int(found[1]):
                return one
        raise _Refused(404, "Not Found")

    def _patch_comment(self, found: re.Match[str], body: Json) -> Any:
        comment = self._comment(found)
        comment["body"] = self._checked(body)
        return 200, comment, {}

    def _delete_comment(self, found: re.Match[str], _: Json) -> Any:
        self.github.comments.remove(self._comment(found))
        return 204, None, {}

    def _post_issue(self, _: re.Match[str], body: Json) -> Any:
        labels = [{"name": name} for name in body.get("labels", [])]
        return 201, self.github.issue(self._checked(body), title=body["title"], labels=labels), {}

    def _patch_issue(self, found: re.Match[str], body: Json) -> Any:
        issue = next((one for one in self.github.issues if one["number"] == int(found[1])), None)
        if issue is None:
            raise _Refused(404, "Not Found")
        if "body" in body:
            self._checked(body)
        issue.update(body)
        return 200, issue, {}

    def _answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _actor(name: str | None) -> Json | None:
    """Somebody who did something: `app/x` is an app, whose name a person could have too; None is gone."""
    if name is None:
        return None
    kind = "Bot" if name.startswith("app/") else "User"
    return {"__typename": kind, "login": name.removeprefix("app/")}


_ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", r"/issues/(\d+)/comments", _Handler._list_comments),
    ("POST", r"/issues/(\d+)/comments", _Handler._post_comment),
    ("PATCH", r"/issues/comments/(\d+)", _Handler._patch_comment),
    ("DELETE", r"/issues/comments/(\d+)", _Handler._delete_comment),
    ("GET", r"/issues", _Handler._list_issues),
    ("POST", r"/issues", _Handler._post_issue),
    ("PATCH", r"/issues/(\d+)", _Handler._patch_issue),
    ("GET", r"/pulls", _Handler._list_pulls),
    ("GET", r"", _Handler._repository),
    ("GET", r"/collaborators/([\w%-]+)/permission", _Handler._permission),
    ("GET", r"/compare/([^/]+)\.\.\.([0-9a-f]+)", _Handler._compare),
    ("GET", r"/commits/([0-9a-f]+)/branches-where-head", _Handler._where_head),
    ("GET", r"/commits/([0-9a-f]+)/pulls", _Handler._pulls_of_commit),
)
