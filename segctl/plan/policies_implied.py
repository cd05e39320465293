"""The rule on what audiences make sure of: proved on the logic, with what they refer to in its place."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.load.document import Document
from segctl.logic import bound, prove
from segctl.logic.algebra import all_of
from segctl.model.policy import Policy
from segctl.plan.policies_subject import Bound, Finding, Subject
from segctl.plan.policies_written import named


def implied(policy: Policy, document: Document, subject: Subject) -> Iterator[Finding]:
    """Every member certainly meets the condition; what cannot be proved counts as not met."""
    facts = subject.bound
    if facts is None or policy.name not in facts.policies or document.key not in facts.resources:
        return
    audience, condition = facts.resources[document.key], facts.policies[policy.name]
    if not prove.implied(audience, condition):
        where = "`where` of its audience" if document.key[0] == "campaign" else "its `where`"
        mend = f"add the condition of the policy `{policy.name}` to {where}, which makes it certain"
        what = f"{named(document)} may hold others than {facts.words[policy.name]}: {_why(policy, document, facts)}"
        place = document.span(("audience",)) or document.span(("name",))
        yield Finding(policy.name, document.key, what, mend, place)


def _why(policy: Policy, document: Document, facts: Bound) -> str:
    audience, condition = facts.resources[document.key], facts.policies[policy.name]
    count = facts.breaking.get((policy.name, document.key))
    if count:
        return f"{count:,} of its members today {'is' if count == 1 else 'are'} not"
    if prove.contradiction(all_of((audience, condition))):
        return "none of its members can be"
    nobody = "; all of today's happen to be" if count == 0 else ""
    opaque = sorted({f"{node.kind} `{node.name}`" for node in _given(audience)})
    rests = f"; of {', '.join(opaque)} only the ids are known" if opaque else ""
    return f"it is not certain of every member, and counts as not met{nobody}{rests}"


def _given(node: bound.Node) -> Iterator[bound.Given]:
    """Memberships that let somebody in, of which nothing but the ids is known."""
    match node:
        case bound.All(of) | bound.Any(of):
            for part in of:
                yield from _given(part)
        case bound.Given():
            yield node
