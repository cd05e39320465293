"""Why a user is in or out: the condition tree with the user's own values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from rich.text import Text

from segctl.logic.describe import clause
from segctl.logic.nodes import All, Any, EventMissing, EventTest, Everyone, Node, Not, Reference, Value
from segctl.logic.outcome import Outcome
from segctl.report.times import local
from segctl.report.values import inline
from segctl.state.instants import to_text
from segctl.workflow.explain import Explained


def tree(explained: Explained) -> Text:
    """The verdict, then every condition with ✓ or ✗ and what was found of this user."""
    kind, name = explained.key
    verdict = "is in" if explained.outcome.holds else "is not in"
    text = Text(f"{explained.user} {verdict} {kind} {name}, as of {local(explained.as_of_us, explained.zone)}\n\n")
    text.stylize("bold", 0, len(text.plain))
    return text.append_text(branches(explained.outcome, explained.zone, 1))


def branches(outcome: Outcome, zone: str, depth: int) -> Text:
    """One line for each condition, indented from `depth` on."""
    text = Text()
    for level, one in _lines(outcome, depth):
        mark, style = ("✓", "green") if one.holds else ("✗", "red")
        text.append(f"{'  ' * level}{mark} ", style=style).append(_said(one.node))
        actual = _actual(one, zone)
        if actual is not None:
            text.append(": ", style="dim").append(actual, style="bold")
        text.append("\n")
    return text


def _lines(outcome: Outcome, depth: int) -> Iterator[tuple[int, Outcome]]:
    """Every condition with its depth; one that is only turned round is one line with it."""
    yield depth, outcome
    below = outcome.children
    if isinstance(outcome.node, Not) and not isinstance(outcome.node.of, Reference):
        if not isinstance(outcome.node.of, All | Any):
            return
        below = outcome.children[0].children
    elif isinstance(outcome.node, Not):
        below = outcome.children[0].children
    for child in below:
        yield from _lines(child, depth + 1)


def _said(node: Node) -> str:
    match node:
        case All():
            return "all of these"
        case Any():
            return "one of these"
        case Not(All()):
            return "not all of these"
        case Not(Any()):
            return "none of these"
        case Everyone():
            return "everyone"
        case _:
            return clause(node).removeprefix("whose ").removeprefix("who ").removeprefix("are ")


def _actual(outcome: Outcome, zone: str) -> str | None:
    """What was found, in words; None where a condition has no value of its own."""
    node, found = outcome.node, outcome
    if isinstance(node, Not) and outcome.children:
        node, found = node.of, outcome.children[0]
    if isinstance(node, Value | EventTest | EventMissing):
        return _worded(found.actual, zone)
    return None if found.actual is None else _worded(found.actual, zone)


def _worded(value: object, zone: str) -> str:
    match value:
        case None:
            said = "missing"
        case datetime():
            said = f"{value.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(sep=' ')} {zone}"
        case date():
            said = value.isoformat()
        case bool() | str():
            said = inline(value)
        case int():
            said = f"{value:,}"
        case Decimal():
            said = f"{value:,f}"
        case Fraction():
            said = f"{float(value):,.6g}"
        case list():
            said = f"[{', '.join(_worded(element, zone) for element in value)}]"
        case _:
            said = "present" if value == {} else str(value)
    return said


def as_data(explained: Explained) -> dict[str, object]:
    """The tree for JSON."""
    kind, name = explained.key
    return {
        "format_version": "1.0",
        "kind": kind,
        "name": name,
        "user": explained.user,
        "as_of": to_text(explained.as_of_us),
        "member": explained.outcome.holds,
        "condition": outcome_data(explained.outcome),
    }


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """A condition and what is below it, for JSON."""
    data: dict[str, object] = {"says": _said(outcome.node), "holds": outcome.holds}
    if isinstance(outcome.node, Value | EventTest | EventMissing) or outcome.actual is not None:
        data["actual"] = _plain(outcome.actual)
    if outcome.children:
        data["parts"] = [outcome_data(child) for child in outcome.children]
    return data


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Fraction():
            return float(value)
        case list():
            return [_plain(element) for element in value]
        case _:
            return value
