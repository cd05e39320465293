"""Settings that this version reads and does nothing with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import NOT_YET
from segctl.lint.subject import Subject
from segctl.model.resources import Campaign

_CAMPAIGN: Mapping[str, str] = {
    "schedule": "segctl publishes the audience with every apply and refresh, and sends nothing",
    "reeligible_after": "who has received the campaign stays in its audience",
}


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Settings of campaigns that have no effect until segctl runs campaigns."""
    for definition in subject.definitions.values():
        document = definition.document
        if not isinstance(document.resource, Campaign):
            continue
        for key, effect in _CAMPAIGN.items():
            if key in document.data:
                yield NOT_YET.found(
                    f"`{key}` has no effect yet",
                    document.key_span((key,)),
                    detail=f"{effect}: this version does not run campaigns",
                    hint="remove it, or keep it as a note with `# segctl: allow not-yet: REASON`",
                )
