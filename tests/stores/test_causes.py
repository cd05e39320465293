"""What a store says is told as the cause in one line, with how to fix it."""

from __future__ import annotations

import pytest

from segctl.diagnostics import SegctlError
from segctl.model.state_place import ObjectPlace
from segctl.state.object_troubles import AZURE, GCS, S3, Nature, Service, trouble
from segctl.state.objects import ObjectStore
from tests import s3
from tests.stores.conftest import SHORT

DUMP = '\n\nDebug source:\nGeneric {\n    store: "S3",\n    source: RetryError(...)\n}'


def answer(status: str, body: str) -> str:
    return f"Error performing GET https://s3/b/x in 3ms - Server returned non-2xx status code: {status}: {body}{DUMP}"


def code(name: str) -> str:
    return f"<Error><Code>{name}</Code><Message>m</Message></Error>"


@pytest.mark.parametrize(
    ("service", "kind", "text", "nature", "cause", "hint"),
    [
        (S3, "FileNotFoundError", answer("404 Not Found", code("NoSuchKey")), Nature.ABSENT, "missing", ""),
        (
            S3,
            "FileNotFoundError",
            answer("404 Not Found", code("NoSuchBucket")),
            Nature.LASTING,
            "no bucket `b`",
            "make the bucket",
        ),
        (
            AZURE,
            "NotFoundError",
            answer("404", code("ContainerNotFound")),
            Nature.LASTING,
            "no container `b`",
            "make the container",
        ),
        (
            GCS,
            "NotFoundError",
            answer("404", "The specified bucket does not exist."),
            Nature.LASTING,
            "no bucket `b`",
            "make",
        ),
        (S3, "PreconditionError", answer("412", code("PreconditionFailed")), Nature.CONFLICT, "something else", ""),
        (
            AZURE,
            "AlreadyExistsError",
            answer("409 Conflict", code("BlobAlreadyExists")),
            Nature.CONFLICT,
            "something else",
            "",
        ),
        (
            S3,
            "AlreadyExistsError",
            answer("409 Conflict", code("ConditionalRequestConflict")),
            Nature.PASSING,
            "at once",
            "",
        ),
        (
            S3,
            "PermissionDeniedError",
            answer("403", code("AccessDenied")),
            Nature.LASTING,
            "denied (AccessDenied)",
            "s3:PutObject",
        ),
        (
            S3,
            "PermissionDeniedError",
            answer("403", code("InvalidAccessKeyId")),
            Nature.LASTING,
            "not accepted",
            "AWS_ACCESS_KEY_ID",
        ),
        (
            S3,
            "PermissionDeniedError",
            answer("403", code("SignatureDoesNotMatch")),
            Nature.LASTING,
            "not accepted",
            "AWS_SECRET_ACCESS_KEY",
        ),
        (S3, "PermissionDeniedError", answer("403", code("RequestTimeTooSkewed")), Nature.LASTING, "clock", "clock"),
        (AZURE, "UnauthenticatedError", answer("401", ""), Nature.LASTING, "not accepted", "AZURE_STORAGE_ACCOUNT_KEY"),
        (
            S3,
            "GenericError",
            "Received redirect without LOCATION, this normally indicates ..." + DUMP,
            Nature.LASTING,
            "another region",
            "AWS_REGION",
        ),
        (
            S3,
            "GenericError",
            answer("400", "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-3</Region></Error>"),
            Nature.LASTING,
            "another region",
            "`eu-west-3`",
        ),
        (S3, "GenericError", answer("503", code("SlowDown")), Nature.PASSING, "answered 503 (SlowDown)", ""),
        (
            S3,
            "GenericError",
            answer("501", code("NotImplemented")),
            Nature.LASTING,
            "conditional writes",
            "a store that does",
        ),
        (
            S3,
            "GenericError",
            answer("400", code("InvalidRequest")),
            Nature.LASTING,
            "answered 400 (InvalidRequest)",
            "",
        ),
        (
            S3,
            "GenericError",
            "Error performing PUT http://169.254.169.254/latest/api/token - HTTP error: x" + DUMP,
            Nature.LASTING,
            "no credentials",
            "AWS_ACCESS_KEY_ID",
        ),
        (
            S3,
            "GenericError",
            "HTTP error: error sending request\nDebug source: kind: ConnectionRefused",
            Nature.PASSING,
            "refused",
            "network",
        ),
        (
            S3,
            "GenericError",
            'HTTP error: error sending request\nDebug source: "dns error"',
            Nature.PASSING,
            "not known",
            "address",
        ),
        (
            S3,
            "GenericError",
            "HTTP error: error sending request\nDebug source: kind: Timeout",
            Nature.PASSING,
            "in time",
            "",
        ),
        (
            S3,
            "GenericError",
            "HTTP error: request or response body error\nDebug source: UnexpectedEof",
            Nature.PASSING,
            "cut",
            "",
        ),
        (S3, "GenericError", "something\nnew" + DUMP, Nature.LASTING, "something new", ""),
    ],
)
def test_causes(service: Service, kind: str, text: str, nature: Nature, cause: str, hint: str) -> None:  # noqa: PLR0913, PLR0917 a table
    found = trouble(service, "b", kind, text)
    assert found.nature is nature
    assert cause in found.cause
    assert hint in found.hint
    assert "\n" not in found.cause
    assert "Debug" not in found.cause


def test_a_bucket_that_is_missing_is_named(reach: s3.S3) -> None:
    store = ObjectStore(ObjectPlace("s3", "nobody-made-this", "p"), reach.environ, SHORT)
    for verb, work in (
        ("read", lambda: store.read("head.json")),
        ("write", lambda: store.write_once("head.json", b"")),
        ("list", lambda: store.list("records")),
    ):
        with pytest.raises(SegctlError) as caught:
            work()
        assert str(caught.value).startswith(f"cannot {verb} `s3://nobody-made-this/p/")
        assert ": there is no bucket `nobody-made-this`" in str(caught.value)
        assert "`state` in segctl.yaml" in caught.value.hint


def test_a_server_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, reach: s3.S3) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    store = ObjectStore(ObjectPlace("s3", "bucket", "p"), reach.environ, SHORT)
    with pytest.raises(SegctlError, match=r"the connection was refused \(\d+ tries\)$"):
        store.read("head.json")
