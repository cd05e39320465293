"""A policy as a sentence, without a full stop."""

from __future__ import annotations

from segctl.model.policy import Forbidden, Policy, Scope, Sizes
from segctl.model.wording import choices, quoted


def policy_words(policy: Policy, condition: str = "") -> str:
    """What the policy asks of what; `condition` is what it must be implied by audiences, in words."""
    kinds = " and ".join(f"{kind}s" for kind in sorted(policy.kinds))
    who = f"{kinds}{_scope(policy.on)}"
    match policy:
        case Policy(require=list() as keys):
            return f"{who} have {choices(keys, 'and')}"
        case Policy(require_tag=list() as tags):
            return f"{who} have the tag {choices(tags)}"
        case Policy(naming=str() as pattern):
            return f"names of {who} match {quoted(pattern)}"
        case Policy(members=Sizes() as sizes):
            return f"{who} have {_sizes(sizes)}"
        case Policy(forbid=Forbidden() as forbid):
            return f"{who} do not read {_forbidden(forbid)}, not even through others"
        case _:
            return f"members of {who} are certainly {condition}"


def _scope(scope: Scope) -> str:
    parts = [
        f"with the tag {choices(scope.tags)}" if scope.tags else "",
        f"of the owner {quoted(scope.owner)}" if scope.owner else "",
        f"whose name matches {quoted(scope.names)}" if scope.names else "",
        f"in {quoted(scope.path)}" if scope.path else "",
    ]
    return "".join(f" {part}" for part in parts if part)


def _sizes(sizes: Sizes) -> str:
    least = "" if sizes.at_least is None else f"at least {sizes.at_least}"
    most = "" if sizes.at_most is None else f"at most {sizes.at_most}"
    limits = " and ".join(limit for limit in (least, most) if limit)
    return f"{limits} of the users" if "%" in limits else f"{limits} members"


def _forbidden(forbid: Forbidden) -> str:
    sorts = ("attributes", "properties", "events", "traits")
    return " or ".join(f"the {sort} {choices(names)}" for sort in sorts if (names := getattr(forbid, sort)))
