"""Policies over resources: what is not met, by which resource, and what would mend it.

Each family of rules is a module; this one says which resources a policy is about, and is their table.
Whatever a rule needs is in its arguments: nothing here reads a file, a state or a clock.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from segctl.diagnostics import Diagnostic, Severity
from segctl.load.document import Document, Key
from segctl.model.patterns import found_in
from segctl.model.policy import Policy
from segctl.plan.plan import Allowance, GuardFinding
from segctl.plan.policies_forbidden import forbidden
from segctl.plan.policies_implied import implied
from segctl.plan.policies_subject import Finding, Subject
from segctl.plan.policies_written import naming, require, require_tag

Rule = Callable[[Policy, Document, Subject], Iterable[Finding]]

_RULES: Mapping[str, Rule] = {
    "require": require,
    "require_tag": require_tag,
    "naming": naming,
    "forbid": forbidden,
    "audience_implies": implied,
}
"""The rules that definitions alone decide; sizes (`members`) need memberships, see `policies_sizes`."""


def policies_among(documents: Mapping[Key, Document]) -> dict[str, Policy]:
    """The policies that hold, by name; one that is archived holds no more."""
    found = ((document.key[1], document.resource) for document in documents.values())
    return {name: one for name, one in found if isinstance(one, Policy) and not one.archived}


def broken(subject: Subject) -> tuple[Finding, ...]:
    """Everything that definitions alone do not meet, by policy and resource."""
    found: list[Finding] = []
    for policy in policies_among(subject.documents).values():
        rule = _RULES.get(policy.rule)
        if rule is None:
            continue
        for document in about(policy, subject.documents, subject.places):
            found += rule(policy, document, subject)
    return tuple(sorted(found, key=lambda finding: (finding.policy, finding.key, finding.what)))


def about(
    policy: Policy, documents: Mapping[Key, Document], places: Mapping[Key, str] = MappingProxyType({})
) -> Iterator[Document]:
    """The resources that a policy is about; `places` are the paths of their files from the project's folder."""
    for key, document in documents.items():
        if (
            key[0] in policy.kinds
            and document.data.get("archived") is not True
            and _chosen(policy, document, places.get(key, ""))
        ):
            yield document


def _chosen(policy: Policy, document: Document, place: str) -> bool:
    scope, data = policy.on, document.data
    tags = data.get("tags")
    return (
        (scope.tags is None or bool(set(scope.tags) & set(tags if isinstance(tags, list) else ())))
        and (scope.owner is None or data.get("owner") == scope.owner)
        and (scope.names is None or found_in(scope.names, document.key[1]))
        and (scope.path is None or fnmatch.fnmatchcase(place, scope.path))
        and exemption(policy, document.key) is None
    )


def exemption(policy: Policy, key: Key) -> str | None:
    """Why a resource need not meet a policy; None where it must."""
    names = {key[1], ".".join(key)}
    return next((one.reason for one in policy.exempt if one.name in names), None)


def idle_exemptions(documents: Mapping[Key, Document]) -> Iterator[Diagnostic]:
    """Exemptions of what is not there: whoever gets that name would be exempt."""
    names = {name for key in documents for name in (key[1], ".".join(key))}
    for document in documents.values():
        if isinstance(document.resource, Policy):
            for number, one in enumerate(document.resource.exempt):
                if one.name not in names:
                    span = document.span(("exempt", number, "name"))
                    summary = f"there is no `{one.name}` that could be exempt"
                    yield Diagnostic("idle-exemption", summary, span, hint="remove it", severity=Severity.WARNING)


def as_guard(policy: Policy, finding: Finding, *, touched: bool) -> GuardFinding:
    """A finding in a plan; only what the plan touches can stop it, for the rest stands as it was applied."""
    overridable = policy.override != "never"
    ways = [finding.mend, f"exempt it in the policy `{policy.name}` with a reason"]
    if overridable:
        ways.append(f'pass `--allow {Allowance(policy.name, finding.key[1])} --reason "..."`')
    ways = ways if touched and policy.blocking else ways[:1]
    message = f"{finding.what}; {', '.join(ways[:-1])}{', or ' if ways[:-1] else ''}{ways[-1]}"
    return GuardFinding(
        policy.name, finding.key, message, blocking=policy.blocking and touched,
        severity=Severity(policy.severity), overridable=overridable,
    )  # fmt: skip


def as_guards(
    policies: Mapping[str, Policy], findings: Iterable[Finding], touched: AbstractSet[Key]
) -> tuple[GuardFinding, ...]:
    """Findings in a plan; `touched` are resources, and policies, that it changes."""
    return tuple(
        as_guard(policies[one.policy], one, touched=bool({one.key, ("policy", one.policy)} & touched))
        for one in findings
    )


def as_diagnostic(policy: Policy, finding: Finding) -> Diagnostic:
    """A finding at its place in a file."""
    hint = f"{finding.mend}, or exempt it in the policy `{policy.name}` with a reason"
    severity = Severity(policy.severity)
    return Diagnostic(f"policy:{policy.name}", finding.what, finding.place, policy.description or "", hint, severity)
