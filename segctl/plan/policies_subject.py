"""What the rules of policies look at, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.diagnostics import Span
from segctl.load.document import Document, Key
from segctl.logic import bound
from segctl.logic.uses import Use


@dataclass(frozen=True, slots=True)
class Finding:
    """A resource that does not meet a policy: what is wrong, what would mend it, and where that stands."""

    policy: str
    key: Key
    what: str
    mend: str
    place: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False)
class Bound:
    """Conditions fitted to the data's schema, with what they refer to in the place of its name.

    `resources` are audiences, `policies` what these must imply, by name; whatever does not fit the
    data is in neither. `breaking` counts today's members who do not meet what their audience must
    imply, by policy and resource, where that was counted.
    """

    resources: Mapping[Key, bound.Node] = field(default_factory=dict)
    policies: Mapping[str, bound.Node] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    breaking: Mapping[tuple[str, Key], int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Subject:
    """The definitions of a project: what was written, what it reads by itself, and what refers to what.

    `refers` says of each resource which others it refers to. `bound` is None where the data's schema is
    not known: what needs it is not looked at. `places` are paths of files from the project's folder.
    """

    documents: Mapping[Key, Document]
    reads: Mapping[Key, tuple[Use, ...]]
    refers: Mapping[Key, tuple[Key, ...]]
    bound: Bound | None = None
    places: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Judged:
    """What policies find in definitions, and what is needed to judge sizes once these are known.

    `sizes` are those that are published, of a population of so many users. `rests_on` says of each
    policy what it refers to.
    """

    documents: Mapping[Key, Document] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()
    sizes: Mapping[Key, int] = field(default_factory=dict)
    population: int = 0
    rests_on: Mapping[Key, frozenset[Key]] = field(default_factory=dict)


NOTHING_JUDGED = Judged()
"""There are no policies."""
