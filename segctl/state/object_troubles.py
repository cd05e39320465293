"""What an object store's library says went wrong, as one line, how to fix it, and whether it may pass.

The library's texts are long: a sentence, the answer of the server as XML or JSON, and a dump of the
error's insides. What people need of it is in a few words of either, so it is looked for there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Nature(Enum):
    """What a failed request means for the one who asked."""

    ABSENT = auto()
    """Nothing is stored under the name."""

    CONFLICT = auto()
    """The condition of a write does not hold: something else is there."""

    PASSING = auto()
    """It may go well in a moment; whether the request was carried out is not known."""

    LASTING = auto()
    """It will fail until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failed request: the cause in a few words, and how to fix it."""

    nature: Nature
    cause: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """An object store's kind: what its folders are called, and which variables name whom it lets in."""

    name: str
    container: str
    keys: str
    grants: str


S3 = Service(
    "S3", "bucket", "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
    "`s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket`",
)  # fmt: skip
GCS = Service(
    "Google Cloud Storage", "bucket", "`GOOGLE_APPLICATION_CREDENTIALS` (the path of a key file)",
    "the role `roles/storage.objectUser`",
)  # fmt: skip
AZURE = Service(
    "Azure", "container", "`AZURE_STORAGE_ACCOUNT_NAME` and `AZURE_STORAGE_ACCOUNT_KEY`",
    "the role `Storage Blob Data Contributor`",
)  # fmt: skip

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_CONTAINER = re.compile(r"NoSuchBucket|ContainerNotFound|specified bucket does not exist", re.IGNORECASE)
_ANOTHER_REGION = re.compile(r"PermanentRedirect|AuthorizationHeaderMalformed|Received redirect without LOCATION")
_WRONG_CLOCK = re.compile(r"RequestTimeTooSkewed|Make sure your server has the correct time")
_WRONG_KEYS = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|InvalidToken|ExpiredToken|InvalidClientTokenId"
)
_NO_KEYS = re.compile(r"169\.254\.|metadata\.google")
"""The machine itself is asked for credentials last, when the environment has none."""

_LOST = "the connection was cut"
_SENDING = (
    ("kind: ConnectionRefused", "the connection was refused"),
    ("dns error", "the name of its server is not known"),
    ("kind: Timeout", "it did not answer in time"),
    ("certificate", "its certificate is not trusted"),
    ("kind: Connect", "it cannot be connected to"),
)


def trouble(service: Service, container: str, kind: str, text: str) -> Trouble:
    """What is behind an error of the class `kind` with this text, over a bucket or container."""
    said = text.partition("\nDebug source")[0]
    status = _status(said)
    if _NO_CONTAINER.search(said):
        return Trouble(Nature.LASTING, f"there is no {service.container} `{container}`", _make(service))
    if kind in {"FileNotFoundError", "NotFoundError"}:
        return Trouble(Nature.ABSENT, "it is missing")
    if kind in {"AlreadyExistsError", "PreconditionError"}:
        return _conflict(said)
    if _NO_KEYS.search(said):
        return Trouble(
            Nature.LASTING, "there are no credentials", f"set {service.keys}; docs/state.md lists the others"
        )
    return _refusal(service, container, kind, said) or _failure(service, status, said, text)


def _conflict(said: str) -> Trouble:
    """S3 answers so too when two writes came at once, and neither was done."""
    if "ConditionalRequestConflict" in said or "OperationAborted" in said:
        return Trouble(Nature.PASSING, "two writes came at once")
    return Trouble(Nature.CONFLICT, "something else is there")


def _refusal(service: Service, container: str, kind: str, said: str) -> Trouble | None:
    """The server has understood, and will not."""
    if _ANOTHER_REGION.search(said):
        region = re.search(r"<Region>([^<]+)</Region>|expecting '([^']+)'", said)
        known = f" (it is in `{region[1] or region[2]}`)" if region else ""
        hint = f"set `AWS_REGION` to the region of the {service.container}{known}"
        return Trouble(Nature.LASTING, f"the {service.container} `{container}` is in another region", hint)
    if _WRONG_CLOCK.search(said):
        hint = "set this machine's clock; requests are signed with the time"
        return Trouble(Nature.LASTING, "the clock of this machine differs from the server's", hint)
    if kind == "UnauthenticatedError" or _WRONG_KEYS.search(said):
        hint = f"check {service.keys}"
        return Trouble(Nature.LASTING, f"the credentials are not accepted{_in_brackets(said)}", hint)
    if kind == "PermissionDeniedError":
        hint = f"it needs {service.grants}; docs/state.md has a policy that grants no more"
        return Trouble(Nature.LASTING, f"access is denied{_in_brackets(said)}", hint)
    return None


def _failure(service: Service, status: int | None, said: str, text: str) -> Trouble:
    """The server has trouble, or nobody reaches it."""
    if status == 501 or "NotSupported" in text:  # noqa: PLR2004 Not Implemented
        return Trouble(
            Nature.LASTING, "it does not support conditional writes", "use a store that does; see docs/state.md"
        )
    if status is not None:
        nature = Nature.PASSING if status in _RETRIED else Nature.LASTING
        return Trouble(nature, f"its server answered {status}{_in_brackets(said)}")
    if "builder error" in said:
        return Trouble(Nature.LASTING, "its address is not https", "`AWS_ALLOW_HTTP=true` allows http")
    if "HTTP error" in said:
        cause = next((words for mark, words in _SENDING if mark in text), _LOST)
        return Trouble(Nature.PASSING, cause, f"check the network and the address of {service.name}'s server")
    return Trouble(Nature.LASTING, " ".join(said.split()))


def _make(service: Service) -> str:
    return f"make the {service.container}, or write another one at `state` in segctl.yaml"


def _status(said: str) -> int | None:
    found = re.search(r"status code: (\d{3})", said)
    return int(found[1]) if found else None


def _in_brackets(said: str) -> str:
    """The server's own word for it."""
    found = re.search(r"<Code>([A-Za-z0-9]+)</Code>", said)
    return f" ({found[1]})" if found else ""
