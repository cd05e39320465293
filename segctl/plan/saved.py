"""A plan that is kept in a file until somebody applies it, and what it is bound to.

The file is JSON: the plan as `segctl plan --format json` prints it, the binding, who made it, and a
digest over all of it, so that a file that was altered is known. It names no member and holds no
membership: an apply evaluates anew, as of the same instant, and refuses another result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segctl.plan.grants import Grant
from segctl.plan.plain import from_plain, to_plain
from segctl.plan.plan import Plan
from segctl.state import canonical, instants

FORMAT_VERSION = "1.1"
"""Minor versions only add; a file of another major version is refused by name."""

KIND = "saved_plan"

Json = Mapping[str, Any]


class NoSavedPlan(Exception):
    """These bytes are no saved plan, or one that was altered; the text says which."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made the plan, when (UTC microseconds), by which segctl, from which commit, in which run of a CI."""

    created_us: int
    who: str
    host: str
    commit: str | None
    run: str | None
    segctl: str


@dataclass(frozen=True)
class Binding:
    """What the plan depends on besides its basis.

    `each` has a digest for every definition (`segment.vip`; `project` for the settings), `tables` one
    for every table that was read. `select` and `exclude` are as they were written, `allow` too; `selected`
    is what they came to; `granted` are allowances with a reason each. `fingerprints` is the version of all
    digests of definitions. `erasures` is how often users had been erased from the state.
    """

    each: Mapping[str, str]
    tables: Mapping[str, str]
    fingerprints: str
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    reason: str = ""
    erasures: int = 0
    granted: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Saved:
    """A saved plan; `zone` is the project's. `printed` is the plan for those who read it by machine."""

    plan: Plan
    binding: Binding
    maker: Maker
    zone: str
    printed: Json = field(default_factory=dict)


def as_data(saved: Saved) -> dict[str, Any]:
    """The file, as plain data."""
    body = canonical.decode(canonical.encode(_body(saved)))
    return {"format_version": FORMAT_VERSION, "kind": KIND, "digest": _digest(body), **body}


def looks_saved(data: bytes) -> bool:
    """Whether these bytes claim to be a saved plan."""
    return _file(data) is not None


def read(data: bytes) -> Saved:
    """The saved plan in these bytes.

    Raises:
        NoSavedPlan: there is none, or it was altered, or it is of a version not known here.
    """
    file = _file(data)
    if file is None:
        raise NoSavedPlan("it is not a saved plan")
    written = str(file.get("format_version"))
    if written.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise NoSavedPlan(f"it is of format {written}, and this segctl knows {FORMAT_VERSION}")
    body = {key: value for key, value in file.items() if key not in {"format_version", "kind", "digest"}}
    try:
        if _digest(body) != file["digest"]:
            raise NoSavedPlan("it was altered after it was saved: its content does not match its digest")
        return _saved(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoSavedPlan("it is incomplete, or another version of segctl made it") from error


def _file(data: bytes) -> dict[str, Any] | None:
    try:
        file = canonical.decode(data)
    except (ValueError, RecursionError):
        return None
    return file if isinstance(file, dict) and file.get("kind") == KIND else None


def _body(saved: Saved) -> dict[str, Any]:
    maker = to_plain(saved.maker)
    made = {"at": instants.to_text(maker.pop("created_us")), **maker}
    basis = saved.plan.basis
    bound = {
        "project": basis.project, "lineage": basis.lineage, "serial": basis.serial,
        "as_of": instants.to_text(basis.as_of_us), "definitions": basis.definitions, "data": basis.data,
    }  # fmt: skip
    return {
        "made": made,
        "zone": saved.zone,
        "binding": {**bound, **to_plain(saved.binding)},
        "plan": saved.printed,
        "model": to_plain(saved.plan),
    }


def _saved(body: Json) -> Saved:
    made = {**body["made"]}
    maker = Maker(created_us=instants.from_text(made.pop("at")), **made)
    plan, binding = from_plain(Plan, body["model"]), from_plain(Binding, body["binding"])
    return Saved(plan, binding, maker, body["zone"], body["plan"])


def _digest(body: Json) -> str:
    """Over the content, however the file is laid out."""
    return canonical.digest(canonical.encode([KIND, body]))
