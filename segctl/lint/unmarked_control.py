"""Variants that are called a control group and get messages."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import UNMARKED_CONTROL
from segctl.lint.subject import Subject
from segctl.model.resources import Campaign

_NAMES = frozenset({"control", "control_group", "holdout", "hold_out", "no_message"})


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Variants with a control group's name and without `control: true`: their users are listed as to be messaged."""
    for definition in subject.definitions.values():
        campaign = definition.document.resource
        if not isinstance(campaign, Campaign):
            continue
        for number, variant in enumerate(campaign.variants or ()):
            if variant.name in _NAMES and not variant.control:
                yield UNMARKED_CONTROL.found(
                    f"the variant `{variant.name}` is not marked as a control group",
                    definition.document.span(("variants", number, "name")),
                    detail="its users are among those who are to be messaged",
                    hint="write `control: true` beside it, or give it another name",
                )
