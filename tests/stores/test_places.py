"""Where a state may be kept, and what is refused before any server is asked."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from segctl.cli.excerpts import excerpts
from segctl.diagnostics import Diagnostic, SegctlError, Span, Usage
from segctl.model.state_place import ObjectPlace, object_place
from segctl.state.objects import ObjectStore, object_store
from segctl.state.requests import Patience

S3 = ObjectPlace("s3", "bucket", "team")
REGION = {"AWS_REGION": "eu-west-3"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (".segctl", None),
        ("/var/state", None),
        ("s3://bucket/prefix", ObjectPlace("s3", "bucket", "prefix")),
        ("s3://my.bucket-1/a/b/", ObjectPlace("s3", "my.bucket-1", "a/b")),
        ("gs://bucket", ObjectPlace("gs", "bucket", "")),
        ("az://container/prefix", ObjectPlace("az", "container", "prefix")),
    ],
)
def test_places(text: str, place: ObjectPlace | None) -> None:
    assert object_place(text) == place


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("s3a://bucket/prefix", "bad-state", "`s3://`"),
        ("S3://bucket", "bad-state", "`s3://`"),
        ("gcs://bucket", "bad-state", "`gs://`"),
        ("abfss://container", "bad-state", "`az://`"),
        ("s33://bucket", "bad-state", "`s3`"),
        ("file:///var/state", "bad-state", "path alone"),
        ("https://bucket.s3.amazonaws.com/p", "bad-state", "`s3://bucket/prefix`"),
        ("s3://", "bad-state", "`s3://bucket/prefix`"),
        ("s3:///prefix", "bad-state", "`s3://bucket/prefix`"),
        ("s3://bucket/a//b", "bad-state", "without"),
        ("s3://bucket/../b", "bad-state", "without"),
        ("s3://key:secret@bucket/prefix", "state-credentials", "environment"),
        ("az://container/prefix?sig=secret", "state-credentials", "environment"),
    ],
)
def test_what_is_no_place_is_refused_with_what_was_meant(text: str, code: str, hint: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        object_place(text)
    context = caught.value.context
    assert caught.value.type == code
    assert context is not None
    assert hint in context["hint"]
    assert "secret" not in caught.value.message()


@pytest.mark.parametrize("url", ["s3://key:hush@bucket/p", "s3://key:a/hush@bucket/p", "az://container/p?sig=hush"])
def test_the_line_that_is_shown_of_it_holds_no_secret(url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("segments") / "segctl.yaml"
    file.write_text(f"kind: project\nstate: {url}\n")
    span = Span(str(file), 2, 8)
    (line,) = excerpts([Diagnostic("state-credentials", "", span)]).values()
    assert "hush" not in line
    assert len(line) == len(f"state: {url}")


@pytest.mark.parametrize(
    ("place", "environ", "said"),
    [
        (S3, {}, "no region is set"),
        (S3, {"AWS_ENDPOINT_URL": "localhost:9000"}, "not the address of a server"),
        (S3, {"AWS_ENDPOINT_URL": "http://local host:9000"}, "not the address of a server"),
        (S3, {"AWS_ENDPOINT_URL": "http://127.0.0.1:none"}, "not the address of a server"),
        (S3, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"}, "without encryption"),
        (ObjectPlace("az", "container", ""), {}, "Account must be specified"),
        (ObjectPlace("gs", "bucket", ""), {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere.json"}, "nowhere"),
    ],
)
def test_settings_that_cannot_be_are_told_before_a_server_is_asked(
    place: ObjectPlace, environ: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(SegctlError, match=said) as caught:
        ObjectStore(place, environ).read("head.json")
    assert str(caught.value).startswith(f"cannot open `{place}`: ")
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("written", ["0", "soon", "1000", "nan"])
def test_a_patience_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(Usage, match="SEGCTL_STATE_TIMEOUT"):
        object_store(S3, {"SEGCTL_STATE_TIMEOUT": written})


def test_patience_is_set_by_the_environment() -> None:
    assert object_store(S3, {}).patience == Patience()
    assert object_store(S3, {"SEGCTL_STATE_TIMEOUT": "8"}).patience == Patience(answer_s=4, total_s=8)


def test_pauses_grow_and_are_bounded() -> None:
    pauses = Patience(first_pause_s=0.1, longest_pause_s=1).pauses()
    found = [next(pauses) for _ in range(20)]
    assert 0.05 <= found[0] <= 0.1
    assert 0.4 <= found[3] <= 0.8
    assert max(found) <= 1
    assert min(found[4:]) >= 0.5
