"""OpenLineage: events of a run go to the server of `OPENLINEAGE_URL`, which never fails or holds up the run."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from segctl.cli.terminal import Terminal

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent
    from openlineage.client.transport.http import HttpTransport

    from segctl.workflow.commit import Outcome

PATIENCE_S = 2.0
"""How long one event is waited for; a run sends two."""


def watched(terminal: Terminal, verb: str, act: Callable[[], Outcome]) -> Outcome:
    """Do it; where a server is named, it is told the start and the end."""
    transport = _transport(terminal, os.environ)
    if transport is None:
        return act()
    from segctl.workflow.opened import project_at
    from segctl.workflow.openlineage import job_of, observed

    namespace = os.environ.get("OPENLINEAGE_NAMESPACE") or "segctl"
    job = job_of(project_at(Path.cwd()), verb, run=str(uuid.uuid4()), namespace=namespace)
    return observed(job, lambda event: _send(terminal, transport, event), lambda: time.time_ns() // 1_000, act)


def _transport(terminal: Terminal, environ: Mapping[str, str]) -> HttpTransport | None:
    """The way to the server, None where there is none."""
    url = environ.get("OPENLINEAGE_URL", "").strip()
    if not url or environ.get("OPENLINEAGE_DISABLED", "").strip().lower() == "true":
        return None
    try:
        from openlineage.client.transport.http import HttpConfig, HttpTransport
    except ImportError:
        terminal.talk(
            "warning: OPENLINEAGE_URL is set, and the OpenLineage library is not installed: no events are sent\n"
            "  hint: pip install 'segctl[lineage]'"
        )
        return None
    logging.getLogger("openlineage").addHandler(logging.NullHandler())  # what it would say is said here
    key = environ.get("OPENLINEAGE_API_KEY")
    settings = {
        "url": url, "endpoint": environ.get("OPENLINEAGE_ENDPOINT") or "api/v1/lineage", "timeout": PATIENCE_S,
        "retry": {"total": 0, "read": 0, "connect": 0, "status_forcelist": []},
        **({"auth": {"type": "api_key", "apiKey": key}} if key else {}),
    }  # fmt: skip
    try:
        return HttpTransport(HttpConfig.from_dict(settings))
    except Exception as error:  # noqa: BLE001 whatever the library says of an address: the run goes on
        terminal.talk(f"warning: no OpenLineage events are sent: {_why(error)}")
        return None


def _send(terminal: Terminal, transport: HttpTransport, event: RunEvent) -> None:
    """Send, and wait no longer than a run can spare; a server that drips or a name that hangs is left behind."""
    wrong: list[str] = ["no answer"]

    def send() -> None:
        try:
            transport.emit(event)
            wrong.clear()
        except Exception as error:  # noqa: BLE001 a server that fails is no failure of the run
            wrong[:] = [_why(error)]

    sending = threading.Thread(target=send, name="segctl-lineage", daemon=True)
    sending.start()
    sending.join(PATIENCE_S)
    if wrong:
        kind = event.eventType.value if event.eventType else "OpenLineage"
        terminal.talk(f"warning: the {kind} event did not reach OPENLINEAGE_URL: {wrong[0]}")


def _why(error: Exception) -> str:
    """The kind of error, and of an answer its status; texts of the library may hold the address with its secrets."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return f"the server answered {status}" if status is not None else type(error).__name__
