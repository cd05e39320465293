"""Campaigns in words: variants, schedule, conversions, and how many of an audience get a message."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from segctl.report.text import count

_NO_EFFECT = " (no effect yet)"


def campaign_facts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a campaign says beside its audience, from its data as written."""
    return list(_facts(data))


def _facts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if data.get("variants"):
        yield "variants", ", ".join(map(_variant, data["variants"]))
    if data.get("schedule"):
        yield "schedule", " ".join(f"{word} {when}" for word, when in data["schedule"].items()) + _NO_EFFECT
    if data.get("reeligible_after"):
        yield "re-eligible", f"after {data['reeligible_after']}{_NO_EFFECT}"
    if data.get("conversions"):
        yield "conversions", ", ".join(f"{one['event']} within {one['within']}" for one in data["conversions"])


def _variant(variant: Mapping[str, Any]) -> str:
    control = " (control group: no message)" if variant.get("control") else ""
    return f"{variant['name']} {variant['percent']} %{control}"


def variant_counts(variants: Sequence[tuple[str, int]], controls: Collection[str]) -> str:
    """`12 to be messaged: a 7, b 5; 8 in the control group: quiet 8`; nothing without variants."""
    held_back = [(name, members) for name, members in variants if name in controls]
    messaged = [(name, members) for name, members in variants if name not in controls]
    groups = [(messaged, "to be messaged"), (held_back, "in the control group")]
    return "; ".join(f"{count(sum(members for _, members in of))} {words}: {_each(of)}" for of, words in groups if of)


def _each(variants: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count(members)}" for name, members in variants)
