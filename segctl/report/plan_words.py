"""Words of a plan that stand in its text and in its comment alike: why something changes, who uses it, who refuses."""

from __future__ import annotations

from segctl.plan.definition import WITHOUT_MEMBERS
from segctl.plan.guards import RULES
from segctl.plan.plan import Change, Plan, Reason, Use
from segctl.report.text import plural

MOST_NAMED = 8
"""So many users of a definition are named, the others counted."""

_WHY = {
    Reason.LOGIC: "its meaning changes",
    Reason.METADATA: "its description changes",
    Reason.DEPENDS: "what it refers to changes",
    Reason.DATA: "its data has changed",
    Reason.MOVED: "it has a new name",
    Reason.ARCHIVED: "it is archived in its file",
}


def why(change: Change, *, moved: str = _WHY[Reason.MOVED]) -> str:
    """All reasons of a change; `moved` says that it has another name now."""
    settings = {Reason.METADATA: "its settings change"} if change.key[0] in WITHOUT_MEMBERS else {}
    words = {**_WHY, **settings, Reason.MOVED: moved}
    return ", ".join(words.get(reason, str(reason)) for reason in change.reasons)


def users(change: Change) -> list[Use]:
    """What uses it, or did: campaigns first, and what refers to it itself before the rest."""
    return sorted(change.used_by, key=lambda use: (use.key[0] != "campaign", not use.direct, use.key))


def refusals(planned: Plan) -> str:
    """How many guards, policies, or both refuse: `1 guard would refuse this`; empty for none."""
    stops = [found for found in planned.findings() if found.stops]
    sorts = {found.rule in RULES for found in stops}
    word = "finding" if len(sorts) > 1 else "guard" if True in sorts else "policy"
    number = len({found.rule for found in stops}) if word == "policy" else len(stops)  # one policy finds many
    return f"{plural(number, word)} would refuse this" if stops else ""
