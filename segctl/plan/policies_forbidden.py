"""The rule on what may not be read: sensitive data, by itself or through others."""

from __future__ import annotations

import fnmatch
from collections import deque
from collections.abc import Iterator, Sequence

from segctl.load.document import Document, Key
from segctl.logic.uses import Sort, Use
from segctl.model.policy import Forbidden, Policy
from segctl.plan.policies_subject import Finding, Subject
from segctl.plan.policies_written import named

_SORTS = {Sort.ATTRIBUTE: "attributes", Sort.PROPERTY: "properties", Sort.EVENT: "events", Sort.TRAIT: "traits"}


def forbidden(policy: Policy, document: Document, subject: Subject) -> Iterator[Finding]:
    """Nothing that is forbidden is read, by the shortest way round; each thing is told once."""
    if policy.forbid is None:
        return
    told: set[tuple[Sort, tuple[str, ...]]] = set()
    for way in _ways(document.key, subject):
        for use in subject.reads.get(way[-1], ()):
            if (use.sort, use.path) not in told and _is_forbidden(policy.forbid, use):
                told.add((use.sort, use.path))
                yield _finding(policy, document, way, use)


def _finding(policy: Policy, document: Document, way: Sequence[Key], use: Use) -> Finding:
    path = ".".join(use.path) + ("*" if use.prefix else "")
    through = [f"{kind} `{name}`" for kind, name in way[1:]]
    by = f", through {', '.join(through)}" if through else ""
    what = f"{named(document)} reads the {use.sort} `{path}`{by}"
    mend = "leave it out" if not through else f"leave it out of {through[-1]}"
    place = document.span(("name",)) if through else use.origin or document.span(("name",))
    return Finding(policy.name, document.key, what, mend, place)


def _ways(key: Key, subject: Subject) -> Iterator[tuple[Key, ...]]:
    """To all that a resource refers to, itself first, by the shortest way."""
    seen = {key}
    waiting: deque[tuple[Key, ...]] = deque([(key,)])
    while waiting:
        way = waiting.popleft()
        yield way
        for target in subject.refers.get(way[-1], ()):
            if target not in seen:
                seen.add(target)
                waiting.append((*way, target))


def _is_forbidden(forbid: Forbidden, use: Use) -> bool:
    patterns: Sequence[str] = getattr(forbid, _SORTS[use.sort])
    name = ".".join(use.path)
    if use.prefix:
        return any(fnmatch.fnmatchcase(f"{name}*", pattern) or pattern.startswith(name) for pattern in patterns)
    parts = range(1, len(use.path) + 1)
    return any(fnmatch.fnmatchcase(".".join(use.path[:end]), pattern) for pattern in patterns for end in parts)
