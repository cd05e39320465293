"""OpenLineage events, to a real server on loopback: what they hold, and that no server fails or holds up a run."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from openlineage.client import event_v2
from openlineage.client.facet_v2 import error_message_run, output_statistics_output_dataset

from tests.cli.conftest import ROOT, Outcome, Shop
from tests.patience import FOREVER_S, PATIENCE_S, ends_in_time

DAY = ("--as-of", "2026-11-22")
APPLY = ("apply", "--auto-approve", *DAY)
USERS = ["ada", "ben", "cid", "dora", "eve", "finn", "gus", "hal", "ida", "jon"]


@dataclass
class Server:
    """What it was told; answers with a status, after a while."""

    url: str = ""
    status: int = 201
    after_s: float = 0
    told: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.told]


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.told.append((self.path, dict(self.headers), body))
            time.sleep(server.after_s)
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        server.url = f"http://127.0.0.1:{listening.server_port}"
        yield server
        listening.shutdown()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("OPENLINEAGE_NAMESPACE", "OPENLINEAGE_API_KEY", "OPENLINEAGE_ENDPOINT", "OPENLINEAGE_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        monkeypatch.setenv("OPENLINEAGE_URL", running.url)
        yield running


def as_the_library_has_it(event: dict[str, Any]) -> event_v2.RunEvent:
    """The event through the library's own classes, whose validators look at it."""
    same = event_v2.RunEvent(
        eventType=event_v2.RunState[event["eventType"]],
        eventTime=event["eventTime"],
        run=event_v2.Run(event["run"]["runId"]),
        job=event_v2.Job(event["job"]["namespace"], event["job"]["name"]),
        inputs=[event_v2.InputDataset(data["namespace"], data["name"]) for data in event["inputs"]],
        outputs=[event_v2.OutputDataset(data["namespace"], data["name"]) for data in event["outputs"]],
        producer=event["producer"],
    )
    assert same.schemaURL == event["schemaURL"]
    return same


def quiet(done: Outcome) -> Outcome:
    assert "OPENLINEAGE" not in done.err
    return done


def test_an_apply_tells_its_start_and_its_end(shop: Shop, server: Server) -> None:
    shop.write("data/beta.csv", "id\nada\n")
    shop.write("segments/beta.yaml", "kind: list\nname: beta\npath: data/beta.csv\nid: id\n")
    shop.write("segments/worth.yaml", "kind: trait\nname: worth\nvalue: {event: purchase, sum: {of: amount}}\n")
    assert quiet(shop.run(*APPLY)).code == 0
    started, completed = server.events
    assert [started["eventType"], completed["eventType"]] == ["START", "COMPLETE"]
    assert started["run"]["runId"] == completed["run"]["runId"]
    UUID(started["run"]["runId"])
    for event in server.events:
        as_the_library_has_it(event)
        assert (event["job"]["namespace"], event["job"]["name"]) == ("segctl", "tiny_shop.apply")
        assert event["job"]["facets"]["jobType"]["integration"] == "SEGCTL"
        assert event["run"]["facets"]["processing_engine"]["name"] == "segctl"
    assert [(data["namespace"], data["name"]) for data in started["inputs"]] == [
        ("file", "data/users.csv"), ("file", "data/orders.csv"),
    ]  # fmt: skip
    assert [data["name"] for data in completed["inputs"]][-1] == "data/beta.csv"
    counted = {data["name"]: data["outputFacets"]["outputStatistics"]["rowCount"] for data in completed["outputs"]}
    assert counted["tiny_shop.segment.adults"] == 8
    assert counted["tiny_shop.list.beta"] == 1
    assert counted["tiny_shop.trait.worth"] == len(USERS)  # who bought nothing is worth 0
    ours = completed["run"]["facets"]["segctl"]
    assert (ours["serial"], ours["published"], ours["as_of"]) == (1, True, "2026-11-21T23:00:00Z")
    [record] = json.loads(shop.run("history", "--format", "json").out)["records"]
    assert record["serial"] == ours["serial"]


def test_a_refresh_is_a_job_of_its_own(shop: Shop, server: Server) -> None:
    assert shop.run(*APPLY).code == 0
    assert quiet(shop.run("refresh", "--as-of", "2026-11-23")).code == 0
    assert [event["job"]["name"] for event in server.events[2:]] == ["tiny_shop.refresh"] * 2
    assert server.events[3]["run"]["facets"]["segctl"]["serial"] == 2


def test_a_saved_plan_and_nothing_to_do(shop: Shop, server: Server) -> None:
    assert shop.run("plan", *DAY, "--out", "p.json").code == 0
    assert server.events == []
    assert shop.run("apply", "p.json").code == 0
    assert shop.run(*APPLY).code == 0
    assert [event["eventType"] for event in server.events] == ["START", "COMPLETE"] * 2
    assert server.events[3]["outputs"] == []
    assert server.events[3]["run"]["facets"]["segctl"]["published"] is False
    assert server.events[3]["run"]["facets"]["segctl"]["serial"] == 1


def test_a_failure_says_why_and_names_nobody(shop: Shop, server: Server) -> None:
    with (shop.folder / "data/users.csv").open("a") as file:
        file.write("ada,FR,true,36,2024-02-29\n")
    assert shop.run(*APPLY).code == 1
    failed = server.events[1]
    as_the_library_has_it(failed)
    assert failed["eventType"] == "FAIL"
    facet = failed["run"]["facets"]["errorMessage"]
    assert facet["message"] == "1 error found"
    kept = {key: facet[key] for key in ("message", "programmingLanguage")}
    assert error_message_run.ErrorMessageRunFacet(**kept)._get_schema() == facet["_schemaURL"]
    assert not [user for user in USERS if f'"{user}"' in json.dumps(server.events) or "ada" in facet["message"]]


def test_a_refused_run_is_a_failure(shop: Shop, server: Server) -> None:
    assert shop.run(*APPLY).code == 0
    shop.segment("adults", "{attribute: age, at_least: 90}", "guards: {max_exit: 10%}\n")
    assert shop.run(*APPLY).code == 3
    assert [event["eventType"] for event in server.events[2:]] == ["START", "FAIL"]


@pytest.mark.parametrize("hangs", [False, True])
def test_who_is_stopped_tells_it_and_ends_in_time(shop: Shop, server: Server, hangs: bool) -> None:  # noqa: FBT001 a case
    with shop.waiting(*APPLY, OPENLINEAGE_URL=server.url) as waiting:
        server.after_s = FOREVER_S if hangs else 0
        ends_in_time(waiting, signal.SIGTERM)
    assert waiting.returncode == 143
    assert [event["eventType"] for event in server.events] == ["START", "ABORT"]
    as_the_library_has_it(server.events[1])


def test_no_id_stands_in_an_event(shop: Shop, server: Server) -> None:
    assert shop.run(*APPLY).code == 0
    text = json.dumps(server.told)
    assert not [user for user in USERS if f'"{user}"' in text]


def test_place_key_and_namespace_come_from_the_environment(
    shop: Shop, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLINEAGE_ENDPOINT", "api/v2/here")
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "s3cret")
    monkeypatch.setenv("OPENLINEAGE_NAMESPACE", "growth")
    done = shop.run(*APPLY)
    path, headers, body = server.told[0]
    assert (path, headers["Authorization"]) == ("/api/v2/here", "Bearer s3cret")
    assert body["job"]["namespace"] == "growth"
    assert "s3cret" not in done.err + done.out


def test_without_an_address_nothing_is_loaded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    assert quiet(shop.run(*APPLY)).code == 0


def test_without_the_library_a_hint_is_given(shop: Shop, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openlineage.client.transport.http", None)
    done = shop.run(*APPLY)
    assert done.code == 0
    assert done.err.startswith("warning: OPENLINEAGE_URL is set, and the OpenLineage library is not installed")
    assert "pip install 'segctl[lineage]'" in done.err
    assert server.events == []


# --- servers that do not answer -----------------------------------------------------------------------


def unharmed(shop: Shop) -> str:
    """What an apply says that is published all the same, and waits for nobody."""
    began = time.monotonic()
    done = shop.run(*APPLY)
    assert time.monotonic() - began < PATIENCE_S
    assert (done.code, done.out.splitlines()[-1]) == (0, "Published serial 1.")
    return done.err


def test_nobody_listens(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        said = unharmed(shop)
    assert "warning: the START event did not reach OPENLINEAGE_URL: ConnectionError\n" in said
    assert "warning: the COMPLETE event did not reach OPENLINEAGE_URL: ConnectionError\n" in said


def test_a_server_that_never_answers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert unharmed(shop).count("did not reach OPENLINEAGE_URL") == 2


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_a_server_that_refuses(shop: Shop, server: Server, status: int) -> None:
    server.status = status
    said = unharmed(shop)
    assert f"warning: the START event did not reach OPENLINEAGE_URL: the server answered {status}\n" in said
    assert len(server.events) == 2  # told once each, never again


def test_a_server_that_is_slow(shop: Shop, server: Server) -> None:
    server.after_s = FOREVER_S
    assert unharmed(shop).count("did not reach OPENLINEAGE_URL") == 2


@pytest.mark.parametrize("address", ["nonsense", "http://", "ftp://x", "http://[", "  "])
def test_an_address_that_is_none(shop: Shop, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", address)
    said = unharmed(shop)
    assert ("warning: " in said) is bool(address.strip())


def test_the_statistics_are_those_of_the_library(shop: Shop, server: Server) -> None:
    assert shop.run(*APPLY).code == 0
    facet = server.events[1]["outputs"][0]["outputFacets"]["outputStatistics"]
    own = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=facet["rowCount"])
    assert own._get_schema() == facet["_schemaURL"]


def test_the_page_shows_an_event_as_it_is(shop: Shop, server: Server) -> None:
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    assert shop.run(*APPLY).code == 0
    sent = without_marks(server.events[1])
    assert shape(sent) == shape(shown)
    for same in ("eventType", "producer", "schemaURL", "job", "outputs"):
        assert sent[same] == shown[same]


def without_marks(value: Any) -> Any:
    """Facets without the addresses that all of them carry, and without what is empty."""
    if isinstance(value, dict):
        kept = {key: without_marks(item) for key, item in value.items() if key not in {"_producer", "_schemaURL"}}
        return {key: item for key, item in kept.items() if item not in ({}, [])}
    return [without_marks(item) for item in value] if isinstance(value, list) else value


def shape(value: Any) -> Any:
    """Keys and types."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else type(value).__name__
