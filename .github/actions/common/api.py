"""GitHub's REST API, as little of it as the actions need, with the standard library alone.

Waits as GitHub asks for, tries again what failed on its side, reads all pages, and sends the token to no
other host than the API's.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]

_TRIES = 5
_LONGEST_WAIT = 120.0
_MINUTE = 60.0
_TIMEOUT = 30
_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="next"')
_REDIRECTS = frozenset({301, 302, 307, 308})
_MOST_PAGES = 100


class ApiError(Exception):
    """An answer that is no success; `status` 0 means that there was none."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status or 'no answer'}: {message}")
        self.status = status

    @property
    def forbidden(self) -> bool:
        """Whether the token may not do this: that of a pull request from a fork may write nothing."""
        return self.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand, where they stay on the host: urllib would take the token along."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Api:
    """One API with one token; `pause` scales all waiting, for tests."""

    url: str
    token: str
    pause: float = 1.0
    _opener: urllib.request.OpenerDirector = field(default_factory=lambda: urllib.request.build_opener(_NoRedirects))

    def call(self, method: str, path: str, body: Json | None = None) -> Any:
        """The parsed answer, None for an empty one.

        A POST whose answer is lost may have been done all the same: it is not sent again after a failure of the
        server, only after a refusal.

        Raises:
            ApiError: it is refused, or fails again and again.
        """
        return self._tried(method, self.url.rstrip("/") + path, body)[0]

    def graphql(self, question: Json) -> Any:
        """An answer of the other API, which lies beside this one; what it refuses stands in `errors`."""
        path = "/api/graphql" if self.url.rstrip("/").endswith("/api/v3") else "/graphql"
        return self._tried("POST", urllib.parse.urljoin(self.url, path), question)[0]

    def pages(self, path: str) -> Iterator[Json]:
        """The elements of all pages of a list."""
        address: str | None = f"{self.url.rstrip('/')}{path}{'&' if '?' in path else '?'}per_page=100"
        for _ in range(_MOST_PAGES):
            if address is None:
                return
            found, headers = self._tried("GET", address, None)
            yield from found
            following = _NEXT.search(headers.get("link", ""))
            address = self._same_host(following[1]) if following else None

    def _tried(self, method: str, address: str, body: Json | None) -> tuple[Any, Mapping[str, str]]:
        for left in reversed(range(_TRIES)):
            try:
                return self._once(method, address, body)
            except _Again as again:
                if not left or (again.maybe_done and method == "POST"):
                    raise ApiError(again.status, again.message) from None
                time.sleep(min(again.wait or 2.0 ** (_TRIES - left), _LONGEST_WAIT) * self.pause)
            except _Moved as moved:
                address = self._same_host(moved.address)
        raise ApiError(0, "too many redirects")

    def _once(self, method: str, address: str, body: Json | None) -> tuple[Any, Mapping[str, str]]:
        request = urllib.request.Request(  # noqa: S310 the address is the API's
            address,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "segctl",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                content = answer.read()
                return (json.loads(content) if content else None), _lower(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                raise _told(error.code, _lower(error.headers), error.read()) from None
        except (OSError, ValueError) as error:
            raise _Again(0, str(error), None, maybe_done=True) from None

    def _same_host(self, address: str) -> str:
        there = urllib.parse.urljoin(self.url, address)
        if urllib.parse.urlsplit(there)[:2] != urllib.parse.urlsplit(self.url)[:2]:
            raise ApiError(0, "the API leads to another host")
        return there


class _Again(Exception):
    """Worth another try after `wait` seconds; `maybe_done`: nobody knows whether it was done."""

    def __init__(self, status: int, message: str, wait: float | None, *, maybe_done: bool = False) -> None:
        super().__init__(message)
        self.status, self.message, self.wait, self.maybe_done = status, message, wait, maybe_done


class _Moved(Exception):
    """It is somewhere else."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def _told(status: int, headers: Mapping[str, str], content: bytes) -> Exception:
    """What an answer that is no success means."""
    message = _message(content)
    if status in _REDIRECTS and "location" in headers:
        return _Moved(headers["location"])
    limited = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in message.lower()
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.FORBIDDEN and limited):
        return _Again(status, message, _wait(headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Again(status, message, None, maybe_done=True)
    return ApiError(status, message)


def _wait(headers: Mapping[str, str]) -> float:
    """How long GitHub asks to wait; a minute if it does not say."""
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        return max(1.0, float(headers["x-ratelimit-reset"]) - time.time())
    return _MINUTE


def _message(content: bytes) -> str:
    try:
        found = json.loads(content)
        causes = [str(one.get("message", one.get("code", ""))) for one in found.get("errors", ())]
        return "; ".join([str(found.get("message", "")), *causes])[:300]
    except (ValueError, AttributeError, TypeError):
        return content[:300].decode("utf-8", "replace")


def _lower(headers: Any) -> Mapping[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
