"""Where a state may be kept: a folder, or a prefix in a bucket of an object store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from segctl.diagnostics import did_you_mean
from segctl.model.values import Text, problem
from segctl.model.wording import quoted

SCHEMES = ("s3", "gs", "az")
"""The object stores that a state can be kept in: Amazon's S3 and what speaks like it, Google's, Azure's."""

_ALIASES = {
    "s3a": "s3", "s3n": "s3", "aws": "s3", "minio": "s3", "gcs": "gs", "gcp": "gs", "google": "gs", "azure": "az",
    "azblob": "az", "abfs": "az", "abfss": "az", "adl": "az", "wasb": "az", "wasbs": "az",
}  # fmt: skip
_CONTAINER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,221}")
_HOW = "write a folder, or `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`"


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """A prefix in a bucket (Azure: a container); an empty prefix is the whole bucket."""

    scheme: str
    container: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.container}{'/' if self.prefix else ''}{self.prefix}"


def object_place(text: str) -> ObjectPlace | None:
    """The place in an object store that `state` names; None for a folder.

    Raises:
        PydanticCustomError: it looks like a URL, and is none that a state can be kept at.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return None
    if scheme not in SCHEMES:
        raise problem("bad-state", f"a state cannot be kept at `{scheme}://`", _other_scheme(scheme))
    if "@" in rest or "?" in rest:  # a query holds signatures
        hint = (
            "take them out, and set them in the environment, as docs/state.md says; "
            "readers of the repository have seen these"
        )
        raise problem("state-credentials", "`state` has credentials in it", hint)
    container, _, prefix = rest.partition("/")
    if not _CONTAINER.fullmatch(container):
        what = f"`{container}` is not the name of a bucket" if container else f"{quoted(text)} names no bucket"
        raise problem("bad-state", what, _HOW)
    prefix = prefix.strip("/")
    if prefix and not all(_is_plain(part) for part in prefix.split("/")):
        hint = "write names with `/` between them, without `.`, `..`, `?` and `#`"
        raise problem("bad-state", f"{quoted(text)} has an invalid prefix", hint)
    return ObjectPlace(scheme, container, prefix)


def _is_plain(part: str) -> bool:
    return part not in {"", ".", ".."} and not re.search(r"[?#\\*\x00-\x1f]", part)


def _other_scheme(scheme: str) -> str:
    if scheme == "file":
        return "write the folder's path alone, such as `.segctl`"
    lower = scheme.lower()
    meant = lower if lower in SCHEMES else _ALIASES.get(lower)
    if meant:
        return f"did you mean `{meant}://`?"
    near = did_you_mean(lower, SCHEMES)
    return near or _HOW


def _check(text: str) -> str:
    object_place(text)
    return text


StatePlace = Annotated[Text, AfterValidator(_check)]
"""A folder, or the URL of a prefix in an object store."""
