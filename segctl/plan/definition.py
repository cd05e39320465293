"""Documents as definitions: what decides a membership apart from what does not."""

from __future__ import annotations

from collections.abc import Mapping

from segctl.load.document import Document, Key
from segctl.logic import fingerprint
from segctl.logic.meaning import Meaning
from segctl.plan import diff
from segctl.state import canonical
from segctl.state.record import Definition

APPLIED = ("campaign", "extension", "list", "policy", "segment", "trait")
"""The kinds that are applied; tests are definitions too, and nothing is kept of them."""

WITHOUT_MEMBERS = ("policy", "project")
"""The kinds that nothing is published of."""

FINGERPRINTS = f"{fingerprint.FORMAT}.1"
"""The version of all fingerprints in a definition; those of another version cannot be compared with them."""

_IDENTITY = frozenset({"kind", "name", "moved", "archived"})
"""What a definition is called, was called, and whether it is one: no part of what it says."""

_LOGIC: Mapping[str, frozenset[str]] = {
    "segment": frozenset({"where", "exclude"}),
    "extension": frozenset({"from"}),
    "list": frozenset({"path", "id"}),
    "campaign": frozenset({"audience", "variants"}),
    "trait": frozenset({"value", "formula"}),
    "project": frozenset({"timezone"}),
    "policy": frozenset(),
}
_SOURCES: Mapping[str, frozenset[str]] = {"project": frozenset({"users", "events", "catalogs"})}
_DEFAULTS: Mapping[str, object] = {
    "protect": False, "tags": [], "conversions": [], "refresh": "daily 00:00", "timezone": "UTC",
    "events": [], "catalogs": {}, "state": ".segctl", "guards": {},
    "severity": "error", "blocking": True, "override": "reason", "exempt": [], "on": {},
}  # fmt: skip


def definitions(documents: Mapping[Key, Document], meanings: Mapping[Key, Meaning]) -> dict[Key, Definition]:
    """What can be applied of the documents."""
    return {key: definition(document, meanings.get(key)) for key, document in documents.items() if key[0] in APPLIED}


def definition(document: Document, meaning: Meaning | None) -> Definition:
    """A document with its fingerprints; a policy has no members, and so no logic of its own."""
    return Definition(
        data=document.data,
        own=meaning.own if meaning else "",
        deep=meaning.deep if meaning else "",
        metadata=_fingerprint(metadata(document.data)),
        protect=document.data.get("protect") is True,
    )


def logic(data: Mapping[str, object]) -> dict[str, object]:
    """The fields that decide who is a member."""
    return {key: value for key, value in _written(data).items() if key in _LOGIC[str(data["kind"])]}


def sources(data: Mapping[str, object]) -> dict[str, object]:
    """The fields that say where the data comes from; a project has some."""
    return {key: value for key, value in _written(data).items() if key in _SOURCES.get(str(data["kind"]), ())}


def metadata(data: Mapping[str, object]) -> dict[str, object]:
    """The fields that decide nothing about memberships."""
    decisive = _LOGIC[str(data["kind"])] | _SOURCES.get(str(data["kind"]), frozenset())
    return {key: value for key, value in _written(data).items() if key not in decisive}


def digest(project: Mapping[str, object], defined: Mapping[Key, Definition]) -> str:
    """A digest of all that is defined; how it is written changes nothing."""
    parts = [_fingerprint(_written(project))]
    parts += [f"{'.'.join(key)} {d.own} {d.deep} {d.metadata}" for key, d in sorted(defined.items())]
    return canonical.digest("\n".join(parts).encode())


def _written(data: Mapping[str, object]) -> dict[str, object]:
    """Without the identity, and without what is written as it would be if it were not."""
    return {
        key: value for key, value in data.items() if key not in _IDENTITY and value != _DEFAULTS.get(key, _IDENTITY)
    }


def _fingerprint(fields: Mapping[str, object]) -> str:
    return canonical.digest(diff.form(fields))[:32]
