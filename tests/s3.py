"""A real S3 server on loopback: moto's, in a process of its own.

`with s3_server() as server:` starts one on a free port; `server.bucket()` makes a bucket of a new name,
`server.environ` is what a process of segctl needs to reach it. Every bucket starts empty, so that
one server serves a whole module of tests. `python -m tests.s3` is the server's process.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
KEYS = {"AWS_ACCESS_KEY_ID": "loopback", "AWS_SECRET_ACCESS_KEY": "loopback", "AWS_REGION": "us-east-1"}


@dataclass(frozen=True)
class S3:
    """A server that runs, at `http://127.0.0.1:PORT`."""

    endpoint: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def environ(self) -> Mapping[str, str]:
        """The settings of a process that talks to this server; add them to its own environment."""
        return environ(self.endpoint)

    def bucket(self) -> str:
        """The name of a new, empty bucket."""
        name = f"bucket-{next(self._numbers):04}"
        with urlopen(Request(f"{self.endpoint}/{name}", method="PUT")):  # noqa: S310 our own server
            return name


def environ(endpoint: str) -> Mapping[str, str]:
    """The settings for a server at this address, which may be a proxy in front of it."""
    return {**KEYS, "AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true"}


@contextmanager
def s3_server() -> Iterator[S3]:
    """A server for as long as it is needed."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.s3"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            assert port, "moto's server did not start"
            yield S3(f"http://127.0.0.1:{port}")
        finally:
            server.kill()


def _serve() -> None:
    """Listen on a free port, and say on stdout which one it is."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    app = _one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def _one_at_a_time(app: Callable[..., Iterable[bytes]]) -> Callable[[Any, Any], Iterable[bytes]]:
    """Moto compares and then writes without a lock of its own; S3 does both in one."""
    alone = threading.Lock()

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        with alone:
            return list(app(environ, start_response))

    return answer


if __name__ == "__main__":
    _serve()
