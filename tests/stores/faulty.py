"""A proxy on loopback before the S3 server that does to requests what networks and servers do to them."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Fault(Enum):
    """What happens to a request."""

    NONE = "none"
    INTERNAL = "500 before it is carried out"
    SLOW_DOWN = "503 before it is carried out"
    CUT = "connection cut before it is carried out"
    HANG = "no answer, and not carried out"
    LOST = "carried out, then the connection is cut"
    LOST_IN_500 = "carried out, then answered 500"
    LOST_IN_TIME = "carried out, and never answered"
    HALF = "carried out, half of the answer sent"


FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)
CARRIED_OUT = frozenset({Fault.NONE, Fault.LOST, Fault.LOST_IN_500, Fault.LOST_IN_TIME, Fault.HALF})


@dataclass(frozen=True)
class Asked:
    """A request as the proxy sees it: its number from 1 on, PUT, GET or DELETE, and the path."""

    number: int
    method: str
    path: str


Decide = Callable[[Asked], Fault]


@dataclass
class Proxy:
    """The proxy: `decide` says what happens to each request; what it did is counted."""

    endpoint: str
    decide: Decide = lambda _: Fault.NONE
    done: Counter[Fault] = field(default_factory=Counter)
    asked: list[Asked] = field(default_factory=list)
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    def fault(self, method: str, path: str) -> Fault:
        """What happens to the next request."""
        with self._alone:
            asked = Asked(len(self.asked) + 1, method, path)
            self.asked.append(asked)
            found = self.decide(asked)
            self.done[found] += 1
            return found

    def hang(self) -> None:
        """Until nobody waits any more."""
        self._over.wait(60)

    def end(self) -> None:
        """Let go of all that hang."""
        self._over.set()


def first(fault: Fault, method: str = "", ending: str = "", times: int = 1) -> Decide:
    """Of the requests of a method whose path ends so, the first ones meet a fault, the others none."""
    left = [times]

    def decide(asked: Asked) -> Fault:
        path = asked.path.partition("?")[0]
        if not left[0] or not asked.method.startswith(method) or not path.endswith(ending):
            return Fault.NONE
        left[0] -= 1
        return fault

    return decide


def always(fault: Fault, method: str = "", ending: str = "") -> Decide:
    """All of them."""
    return first(fault, method, ending, times=1_000_000)


def sometimes(chance: random.Random, share: float, faults: tuple[Fault, ...] = FAULTS) -> Decide:
    """By chance, which a seed decides."""
    return lambda _: chance.choice(faults) if chance.random() < share else Fault.NONE


@contextmanager
def proxy(endpoint: str) -> Iterator[Proxy]:
    """A proxy before the server at this address, for as long as it is needed."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.upstream = urlsplit(endpoint).netloc
    server.made = Proxy(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.made
    finally:
        server.made.end()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    upstream: str
    made: Proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is none of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.made.fault(self.command, self.path)
        passed = _passed_on(self.server.upstream, self, body) if fault in CARRIED_OUT else None
        if fault in _SILENT:
            self.close_connection = True
            if fault in _SLOW:
                self.server.made.hang()
        elif fault in _REFUSING or passed is None:
            self._answer(503 if fault is Fault.SLOW_DOWN else 500, _XML, _ERROR)
        else:
            self._answer(*passed, half=fault is Fault.HALF)

    def _answer(self, status: int, headers: Sequence[tuple[str, str]], answer: bytes, *, half: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        length = int(dict(headers).get("Content-Length", "0")) if self.command == "HEAD" else len(answer)
        self.send_header("Content-Length", str(length + half))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer[: len(answer) // 2] if half else answer)
        self.close_connection = self.close_connection or half

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = _do  # noqa: N815 the library's names


_SLOW = frozenset({Fault.HANG, Fault.LOST_IN_TIME})
_SILENT = frozenset({Fault.CUT, Fault.LOST, *_SLOW})
_REFUSING = frozenset({Fault.INTERNAL, Fault.SLOW_DOWN, Fault.LOST_IN_500})
_XML = (("Content-Type", "application/xml"),)
_ERROR = b"<Error><Code>InternalError</Code><Message>a fault of the test</Message></Error>"


def _passed_on(upstream: str, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection(upstream, timeout=30)
    try:
        connection.request(request.command, request.path, body, dict(request.headers.items()))
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
