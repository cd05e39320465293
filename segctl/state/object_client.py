"""The library's clients of object stores, opened with our limits and everybody's environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from segctl.diagnostics import SegctlError
from segctl.model.state_place import ObjectPlace
from segctl.state.object_troubles import Service
from segctl.state.requests import Patience

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Client

TRANSFER_S = 300.0
"""The longest that a whole transfer may take, in seconds."""

CONNECT_S = 5.0
"""The longest that connecting may take, in seconds."""

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


def client(
    place: ObjectPlace, service: Service, environ: Mapping[str, str], patience: Patience, *, large: bool
) -> Client:
    """A client that never tries again by itself; of large writes the answer comes late, so it is not limited.

    Raises:
        SegctlError: a setting that cannot be, or one that is missing; no server was asked.
    """
    if place.scheme == "s3":
        _check_settings(place, environ)
    answer = {} if large else {"read_timeout": _text(patience.answer_s)}
    config = {
        "connect_timeout": _text(min(CONNECT_S, patience.answer_s)), "timeout": _text(TRANSFER_S), **answer,
        **_endpoint(place, environ),
    }  # fmt: skip
    try:
        return _open(place, config, patience)
    except Exception as error:  # noqa: BLE001 the library has no common class for its errors
        said = " ".join(str(error).partition("\nDebug source")[0].split())
        hint = f"check {service.keys}; docs/state.md lists the other variables"
        raise SegctlError(f"cannot open `{place}`: {said}", hint=hint) from None


def _open(place: ObjectPlace, config: Mapping[str, str], patience: Patience) -> Client:
    from datetime import timedelta

    from obstore.store import AzureStore, GCSStore, S3Store

    settings: dict[str, Any] = {
        "prefix": place.prefix or None,
        "config": dict(config),
        "retry_config": {"max_retries": 0, "retry_timeout": timedelta(seconds=patience.total_s)},
    }
    if place.scheme == "gs":
        return GCSStore(place.container, **settings)
    if place.scheme == "az":
        return AzureStore(place.container, **settings)
    return S3Store(place.container, **settings)


def _check_settings(place: ObjectPlace, environ: Mapping[str, str]) -> None:
    """What the library would take for another thing, or die of."""
    address = next(((key, environ[key]) for key in _ENDPOINTS if environ.get(key)), None)
    if address is None:
        if not any(environ.get(key) for key in _REGIONS):  # the library would ask the east of the United States
            hint = "set `AWS_REGION` to the bucket's, for example to `eu-west-3`"
            raise SegctlError(f"cannot open `{place}`: no region is set", hint=hint)
        return
    key, url = address
    if not _is_address(url):
        hint = "write it as `https://host:port`; without it the store is Amazon's"
        raise SegctlError(f"cannot open `{place}`: `{key}` is not the address of a server", hint=hint)
    if url.startswith("http:") and environ.get("AWS_ALLOW_HTTP", "").lower() not in {"true", "1", "yes", "y", "on"}:
        hint = "`AWS_ALLOW_HTTP=true` allows it, for a server on this machine or in this network"
        raise SegctlError(f"cannot open `{place}`: `{key}` is an address without encryption", hint=hint)


def _endpoint(place: ObjectPlace, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variable for S3 alone goes first, as in Amazon's tools."""
    alone = environ.get(_ENDPOINTS[0])
    return {"endpoint": alone} if alone and place.scheme == "s3" else {}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable() and " " not in url


def _text(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
