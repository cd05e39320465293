"""Between segctl and the store requests fail, hang, and lose their answers: never two commits, never a half one."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode, SegctlError
from segctl.model.state_place import ObjectPlace
from segctl.state.holder import LOCK
from segctl.state.objects import ObjectStore
from segctl.state.record import Head
from segctl.state.requests import Patience
from segctl.state.state import State
from segctl.state.store import Missing, Unsure
from tests.patience import ends_in_time, until
from tests.s3 import S3, environ
from tests.stores.faulty import FAULTS, Asked, Decide, Fault, Proxy, always, first, proxy, sometimes
from tests.stores.shops import Shop, as_of, chain

PATIENCE = Patience(answer_s=0.3, total_s=1.5, first_pause_s=0.02, longest_pause_s=0.2)


@pytest.fixture
def between(reach: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy before the server; this process finds it in the server's place."""
    with proxy(reach.endpoint) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.endpoint)
        yield made


@pytest.fixture
def store(reach: S3, between: Proxy) -> ObjectStore:
    """A store behind the proxy, of little patience."""
    return ObjectStore(ObjectPlace("s3", reach.bucket(), "p"), environ(between.endpoint), PATIENCE)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_passes_is_tried_again_and_nobody_notices(store: ObjectStore, between: Proxy, fault: Fault) -> None:
    def meets(method: str) -> None:
        between.decide = first(fault, method)

    meets("PUT")
    assert store.write_once("head", b"one")
    meets("PUT")
    assert not store.write_once("head", b"other")
    meets("PUT")
    assert store.replace("head", b"two", expected=b"one")
    meets("PUT")
    assert not store.replace("head", b"three", expected=b"one")
    meets("GET")
    assert store.read("head") == b"two"
    meets("GET")
    assert store.list("") == ("head",)
    meets("DELETE")
    assert store.delete("head", expected=b"two")
    meets("GET")
    with pytest.raises(Missing):
        store.read("head")


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.INTERNAL, "its server answered 500 (InternalError)"),
        (Fault.SLOW_DOWN, "its server answered 503 (InternalError)"),
        (Fault.CUT, "the connection was cut"),
        (Fault.HANG, "it did not answer in time"),
    ],
)
def test_what_does_not_pass_is_refused_with_the_cause(
    store: ObjectStore, between: Proxy, fault: Fault, cause: str
) -> None:
    between.decide = always(fault)
    with pytest.raises(SegctlError) as caught:
        store.read("head")
    assert str(caught.value).startswith(f"cannot read `{store.where('head')}`: {cause} (")
    assert str(caught.value).endswith(" tries)")
    with pytest.raises(Unsure, match="cannot write"):
        store.write_once("head", b"one")
    assert len(between.asked) >= 4


def test_pauses_grow_between_the_tries(store: ObjectStore, between: Proxy) -> None:
    between.decide = always(Fault.SLOW_DOWN)
    with pytest.raises(SegctlError):
        store.read("head")
    assert 1 < len(between.asked) < 30  # 1.5 s in pauses of up to 0.2 s, not as fast as it goes


def test_whoever_lost_to_somebody_else_between_two_tries_is_told_so(store: ObjectStore, between: Proxy) -> None:
    """The first try was not carried out; before the second one somebody wrote the same name."""
    store.write_once("lock", b"free")
    other = replace(store, environ=dict(store.environ))
    between.decide = meanwhile(between, Fault.HANG, lambda: other.replace("lock", b"theirs", expected=b"free"))
    assert not store.replace("lock", b"mine", expected=b"free")
    assert store.read("lock") == b"theirs"


def test_a_head_that_moved_though_its_answer_was_lost_has_moved(store: ObjectStore, between: Proxy) -> None:
    state = State(store)
    before = state.mint("line")
    between.decide = first(Fault.LOST, "PUT", "head.json")
    state.move_head(before, Head("line", 1, "a" * 64))
    assert state.head() == Head("line", 1, "a" * 64)


def test_a_head_that_moved_and_was_moved_on_has_moved(store: ObjectStore, between: Proxy) -> None:
    """The answer was lost, and before the next try somebody else fenced the head off."""
    state, calm = State(store), State(replace(store, environ=dict(store.environ)))
    before = state.mint("line")
    between.decide = meanwhile(between, Fault.LOST_IN_TIME, calm.fence)
    state.move_head(before, Head("line", 1, "a" * 64))
    assert state.head() == Head("line", 1, "a" * 64, fence=1)


def test_a_head_that_may_have_moved_is_told_as_that(store: ObjectStore, between: Proxy) -> None:
    state = State(store)
    before = state.mint("line")
    between.decide = always(Fault.HANG, "PUT", "head.json")
    with pytest.raises(Unsure, match="whether serial 1 holds is not known") as caught:
        state.move_head(before, Head("line", 1, "a" * 64))
    assert "segctl history" in caught.value.hint


@pytest.fixture
def shop(reach: S3, between: Proxy, tmp_path: Path) -> Shop:
    """A project behind the proxy, with one serial published."""
    made = Shop(tmp_path / "shop", f"s3://{reach.bucket()}/team", environ(between.endpoint)).lay_out()
    assert made.inside("apply", "--auto-approve", "--as-of", as_of(0)).code == 0
    return replace(made, environ={**made.environ, "SEGCTL_STATE_TIMEOUT": "2"})


@pytest.mark.parametrize("name", ["head.json", "records/000002.json", LOCK])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.LOST_IN_500])
def test_an_answer_lost_anywhere_in_a_refresh_changes_nothing(
    shop: Shop, between: Proxy, name: str, fault: Fault
) -> None:
    between.decide = first(fault, "PUT", name)
    done = shop.refresh(1)
    assert (done.code, done.err) == (0, "")
    assert between.done[fault] == 1
    assert chain(shop.opened()) == [0, 1]


@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.CUT, Fault.HANG])
def test_a_store_that_is_gone_at_the_commit_is_told_and_nothing_is_half_done(
    shop: Shop, between: Proxy, fault: Fault
) -> None:
    between.decide = always(fault, "PUT", "head.json")
    done = shop.refresh(1)
    assert done.code == ExitCode.FAILED
    assert "error: cannot write `s3://" in done.err
    assert "whether serial 2 holds is not known" in done.err
    assert "Traceback" not in done.err
    between.decide = lambda _: Fault.NONE
    assert chain(shop.opened()) == [0]
    assert shop.refresh(2).code == 0
    assert chain(shop.opened()) == [0, 2]


def test_a_lock_that_cannot_be_given_back_is_told(shop: Shop, between: Proxy) -> None:
    seen: list[str] = []

    def decide(asked: Asked) -> Fault:
        moved = "PUT head.json" in seen
        seen.append(f"{asked.method} {asked.path.rpartition('/')[2]}")
        return Fault.SLOW_DOWN if moved else Fault.NONE

    between.decide = decide
    done = shop.run("refresh", "--as-of", as_of(1))
    assert done.returncode == 0
    assert "Published serial 2." in done.stdout
    assert "the lock could not be released" in done.stderr
    between.decide = lambda _: Fault.NONE
    assert chain(shop.opened()) == [0, 1]
    assert shop.refresh(2).code == 0  # its process has ended, on this machine


def test_a_signal_is_heard_while_a_request_hangs(shop: Shop, between: Proxy) -> None:
    between.decide = always(Fault.HANG)
    process = shop.start("refresh", "--as-of", as_of(1), SEGCTL_STATE_TIMEOUT="240")  # the longest there is
    until(lambda: bool(between.done[Fault.HANG]), "a request that hangs")
    _, err = ends_in_time(process, signal.SIGTERM)
    assert process.returncode == ExitCode.TERMINATED
    assert "Traceback" not in err
    between.decide = lambda _: Fault.NONE
    assert chain(shop.opened()) == [0]


def test_random_faults_never_make_two_commits(shop: Shop, between: Proxy) -> None:
    between.decide = sometimes(random.Random(4), 0.15)  # noqa: S311 any will do
    published: list[int] = []
    for second in range(1, 7):
        done = shop.refresh(second, "--lock-timeout", "5")
        assert done.code in {ExitCode.OK, ExitCode.FAILED}, done.err
        with faultless(between):
            found = chain(shop.opened())
        if done.code == ExitCode.OK or ("is not known" in done.err and found[-1] == second):
            published.append(second)
        assert found == [0, *published], done.err
    assert sum(between.done[fault] for fault in FAULTS) > 5


def meanwhile(between: Proxy, fault: Fault, work: Callable[[], object]) -> Decide:
    """The next PUT meets a fault that takes time, and before it is tried again somebody else works."""
    inner = first(fault, "PUT")

    def decide(asked: Asked) -> Fault:
        found = inner(asked)
        if found is not Fault.NONE:
            between.decide = lambda _: Fault.NONE
            threading.Timer(PATIENCE.answer_s / 2, work).start()
        return found

    return decide


@contextmanager
def faultless(between: Proxy) -> Iterator[None]:
    """Nothing goes wrong for a while."""
    decide, between.decide = between.decide, lambda _: Fault.NONE
    yield
    between.decide = decide
