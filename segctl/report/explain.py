"""Why a user is in or out: the reasons, the condition tree with the user's own values, what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from segctl.logic.nodes import All, Any, Everyone, Node, Not, Reference
from segctl.logic.outcome import Outcome
from segctl.logic.reasons import reasons
from segctl.plan.variants import Given
from segctl.report.found import ago, found, found_value
from segctl.report.hanging import STEP, Hanging, plain
from segctl.report.text import plural
from segctl.report.times import clock, local, next_second
from segctl.report.wants import said, want
from segctl.workflow.explain import Explained

MOST_REASONS = 3

Line = tuple[int, Text]


def tree(explained: Explained) -> Hanging:
    """The verdict and why, every condition with ✓ or ✗ and what was found of this user, and what would change it."""
    zone = explained.zone
    lines = [(0, Text(headline(explained), style="bold"))]
    if explained.variant is not None:
        lines.append((STEP, Text(variant_words(explained.variant))))
    lines += [(STEP, Text(f"because {reason}")) for reason in because(explained.outcome, zone)]
    lines += [(0, Text()), *_branches(explained.outcome, zone, 1), (0, Text())]
    for label, words in (("smallest change: ", smallest_words(explained)), ("by time alone: ", flip_words(explained))):
        lines.append((STEP, Text(label, style="dim").append(words, style="not dim")))
    return Hanging(lines)


def headline(explained: Explained) -> str:
    """`OUT: dora is not in segment red, as of 2026-11-22 00:00 Europe/Paris`."""
    kind, name = explained.key
    verdict = "IN: {} is in" if explained.outcome.holds else "OUT: {} is not in"
    return f"{verdict.format(explained.user)} {kind} {name}, as of {local(explained.as_of_us, explained.zone)}"


def variant_words(variant: Given) -> str:
    """`variant a`, or `variant quiet, control group: no message`."""
    return f"variant {variant.name}{', control group: no message' if variant.control else ''}"


def because(outcome: Outcome, zone: str) -> list[str]:
    """The decisive conditions as they came out, the first few of them."""
    every = reasons(outcome)
    lacks = not outcome.holds  # a condition that does not hold is wanted only where the user is out
    told = [
        f"{_fact(reason, zone, lacks=lacks)}{_inside(reason, zone, lacks=lacks)}" for reason in every[:MOST_REASONS]
    ]
    return [*told, _more_reasons(len(every) - MOST_REASONS)] if len(every) > MOST_REASONS else told


def _fact(outcome: Outcome, zone: str, *, lacks: bool) -> str:
    words = said(outcome.node if outcome.holds else Not(outcome.node))
    value = found_value(outcome, zone, wanted=lacks)
    return words if value is None else f"{words}: {value}"


def _inside(outcome: Outcome, zone: str, *, lacks: bool) -> str:
    """Of a definition that is referred to, its own first reason."""
    first, *more = reasons(outcome.children[0]) if outcome.decided else [outcome]
    if first is outcome:
        return ""
    others = f"; {_more_reasons(len(more))}" if more else ""
    return f" ({_fact(first, zone, lacks=lacks)}{others})"


def _more_reasons(number: int) -> str:
    return "one more reason" if number == 1 else plural(number, "more reason")


def smallest_words(explained: Explained) -> str:
    """The conditions that would have to come out otherwise, in words."""
    smallest = explained.smallest
    if smallest is None:
        return "none: nothing about this user would turn it round"
    words = "; and ".join(want(change, explained.zone) for change in smallest.changes)
    return words if smallest.least else f"{words} (there may be a smaller one)"


def flip_words(explained: Explained) -> str:
    """When the outcome turns round by itself."""
    if explained.flip.us is None:
        return "no change within 10 years" if explained.flip.known else "not known, of so many events"
    becomes = "OUT" if explained.outcome.holds else "IN"
    when = local(next_second(explained.flip.us), explained.zone)
    return f"{becomes} from {when} on, {ago(explained.flip.us, explained.as_of_us, explained.zone)}"


# --- the tree -------------------------------------------------------------------------------------------


def branches(outcome: Outcome, zone: str, depth: int) -> Text:
    """One line for each condition, indented from `depth` on."""
    return plain(_branches(outcome, zone, depth))


def _branches(outcome: Outcome, zone: str, depth: int) -> list[Line]:
    return [(level * STEP, _line(one, zone, wanted=wanted)) for level, one, wanted in _levels(outcome, depth)]


def _line(outcome: Outcome, zone: str, *, wanted: bool) -> Text:
    mark, style = ("✓", "green") if outcome.holds else ("✗", "red")
    text = Text().append(f"{mark} ", style=style).append(label(outcome.node))
    value = found(outcome, zone, wanted=wanted)
    if value is not None:
        text.append(": ", style="dim").append(value, style="bold")
    standing = _standing(outcome, zone)
    return text.append(standing, style="dim") if standing else text


def _standing(outcome: Outcome, zone: str) -> str:
    """That a membership stands as it was published, and what it would be now."""
    below = outcome.children[0] if isinstance(outcome.node, Not) and outcome.children else outcome
    if below.published_us is None:
        return ""
    words = f", as refreshed {clock(below.published_us, zone)}"
    if not below.children or below.children[0].holds is below.holds:
        return words
    return f"{words}; now it would be {'in' if below.children[0].holds else 'out'}"


def _levels(outcome: Outcome, depth: int, *, wanted: bool = True) -> Iterator[tuple[int, Outcome, bool]]:
    """Every condition with its depth, and whether it is wanted; one that is only turned round is one line with it."""
    yield depth, outcome, wanted
    below: Sequence[Outcome] = outcome.children
    if isinstance(outcome.node, Not):
        below = outcome.children[0].children if isinstance(outcome.node.of, Reference | All | Any) else ()
        wanted = not wanted
    for child in below:
        yield from _levels(child, depth + 1, wanted=wanted)


def label(node: Node) -> str:
    """A condition on one line: of a group only how its parts are joined."""
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
            return said(node)
