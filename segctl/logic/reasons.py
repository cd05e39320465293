"""The conditions that decide an outcome: those that are reason enough for it."""

from __future__ import annotations

from segctl.logic import nodes
from segctl.logic.outcome import Outcome


def reasons(outcome: Outcome) -> tuple[Outcome, ...]:
    """The decisive conditions, in their order, without negations: each is a fact as it came out.

    Of `all` that fails those that fail, of `any` that holds the choice with the fewest reasons; else all
    parts. What a reference stands for is not looked into.
    """
    return tuple(_reasons(outcome))


def _reasons(outcome: Outcome) -> list[Outcome]:
    if not outcome.decided or isinstance(outcome.node, nodes.Reference):
        return [outcome]
    if isinstance(outcome.node, nodes.Not):
        return _reasons(outcome.children[0])
    parts = [_reasons(child) for child in outcome.children if child.holds is outcome.holds]
    if isinstance(outcome.node, nodes.Any) and outcome.holds:
        return min(parts, key=len)
    return [reason for part in parts for reason in part]
