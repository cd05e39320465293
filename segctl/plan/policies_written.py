"""Rules on what is written: keys, tags, names."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Span
from segctl.load.document import Document
from segctl.model.patterns import found_in
from segctl.model.policy import Policy
from segctl.model.wording import choices, quoted
from segctl.plan.policies_subject import Finding, Subject


def require(policy: Policy, document: Document, subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 a rule
    """Each key is written, and not empty."""
    for key in policy.require or ():
        if not _says_something(document.data.get(key)):
            mend = f"write `{key}:` in its file"
            yield Finding(policy.name, document.key, f"{named(document)} has no `{key}`", mend, _place(document))


def require_tag(policy: Policy, document: Document, subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 a rule
    """One of the tags is there."""
    wanted = policy.require_tag or []
    tags = document.data.get("tags")
    if not set(wanted) & set(tags if isinstance(tags, list) else ()):
        what = f"{named(document)} has {'none of the tags' if len(wanted) > 1 else 'no tag'} {choices(wanted)}"
        yield Finding(policy.name, document.key, what, f"add {choices(wanted)} to its `tags`", _place(document))


def naming(policy: Policy, document: Document, subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 a rule
    """The pattern is found in the name."""
    if policy.naming is not None and not found_in(policy.naming, document.key[1]):
        what = f"the name of {named(document)} does not match {quoted(policy.naming)}"
        yield Finding(policy.name, document.key, what, "rename it, with `moved: {from: ...}`", _place(document))


def named(document: Document) -> str:
    """Kind and name in a sentence."""
    kind, name = document.key
    return f"{kind} `{name}`"


def _says_something(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value is not False and value not in ([], {})


def _place(document: Document) -> Span | None:
    return document.span(("name",))
