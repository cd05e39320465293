"""Segments that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import UNUSED_SEGMENT
from segctl.lint.subject import Subject
from segctl.model.resources import Segment


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Segments that no campaign, segment or test refers to, and that show no purpose of their own.

    Every segment is published, and may be exported or read by others. So nothing is said in a project without
    campaigns, nor of a segment that somebody owns, guards or protects: it is there for its own sake. And nothing
    where most segments are like that: then it is how the project works.
    """
    if not subject.complete or not any(kind == "campaign" for kind, _ in subject.graph.links):
        return
    used = {link.key for links in subject.graph.links.values() for link in links}
    segments = [one for one in subject.definitions.values() if isinstance(one.document.resource, Segment)]
    idle = [one for one in segments if one.key not in used and not _has_a_purpose(one.document.resource)]
    if 2 * len(idle) > len(segments):
        return
    for definition in idle:
        yield UNUSED_SEGMENT.found(
            f"nothing uses the segment `{definition.key[1]}`",
            definition.place,
            detail="no campaign, segment or test refers to it, and it has no `owner`",
            hint="remove it, use it, or name its owner in `owner`",
        )


def _has_a_purpose(segment: object) -> bool:
    return isinstance(segment, Segment) and bool(segment.owner or segment.guards or segment.protect)
