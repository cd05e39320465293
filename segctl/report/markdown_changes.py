"""The changes of a plan in Markdown: a row of the table, and a folded part with the details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.plan.plan import Action, Backtest, Change, GuardFinding, Members, Movement, Words
from segctl.plan.values import Values
from segctl.report.markdown_text import code, html, prose
from segctl.report.markdown_values import fields
from segctl.report.plan_proved import certain
from segctl.report.plan_sentences import labelled
from segctl.report.plan_words import MOST_NAMED, users, why
from segctl.report.text import count, plural
from segctl.report.times import local
from segctl.report.values_change import HEADS, shown

LONGEST_NAME = 80
_LONGEST_MESSAGE = 400
_LONGEST_SENTENCE = 600

HEAD = (
    "| | change | members | entered, exited | by definition | by data | guards |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | --- |\n"
)


def row(change: Change) -> str:
    """One line of the table."""
    cells = (str(change.action), _title(change), *_counts(change), _rules(change.guards))
    return f"| {' | '.join(cells)} |\n"


def _title(change: Change) -> str:
    kind, name = change.key
    return f"{prose(kind)} {code(name, LONGEST_NAME)}"


def _counts(change: Change) -> tuple[str, str, str, str]:
    members, values = change.members, change.values
    if members is not None:
        moved = Movement(members.entered, members.exited)
        sizes = f"{count(members.before)} → {count(members.after)}"
        return sizes, movement(moved), movement(members.by_definition), movement(members.by_data)
    if values is not None:
        before, after = (count(spread.users) if spread else "0" for spread in (values.before, values.after))
        by = tuple(f"{count(part)} changed" if part else "" for part in (values.by_definition, values.by_data))
        return f"{before} → {after} with a value", f"{count(values.changed)} changed", by[0], by[1]
    return "", "", "", ""


def movement(moved: Movement) -> str:
    """`+24 -4`; nothing where nobody moves."""
    parts = ((moved.entered, f"+{count(moved.entered)}"), (moved.exited, f"-{count(moved.exited)}"))
    return " ".join(text for number, text in parts if number)


def _rules(found: Sequence[GuardFinding]) -> str:
    return ", ".join(f"{'**' if one.stops else ''}{code(one.rule)}{'** refuses' if one.stops else ''}" for one in found)


def finding(found: GuardFinding) -> str:
    """One guard or policy that is not met, as a point of a list."""
    of = f"{prose(found.key[0])} {code(found.key[1], LONGEST_NAME)}: " if found.key else ""
    said = " (allowed)" if found.allowed else "" if found.stops else " (not blocking)"
    return f"- {code(found.rule)} {of}{prose(found.message, _LONGEST_MESSAGE)}{said}\n"


def details(change: Change, zone: str) -> tuple[str, list[str]]:
    """The line that is always seen, and the lines below it; empty where there is no more to say."""
    members = f": {count(change.members.before)} → {count(change.members.after)} members" if change.members else ""
    kind, name = change.key
    return f"{change.action} {html(kind)} {html(name, LONGEST_NAME)}{members}", list(_lines(change, zone))


def _lines(change: Change, zone: str) -> Iterator[str]:
    if change.reasons:
        words = why(change)
        yield f"{words[:1].upper()}{words[1:]}.\n"
    yield from _around(change)
    yield from (f"{line}\n" for line in fields(change.diff))
    yield from _words(change.words)
    yield from (f"- {words}\n" for words in certain(change.proved))
    yield from _backtest(change.backtest, zone)
    yield from _variants(change.members)
    yield from _values(change.values, zone)
    yield from (finding(found) for found in change.guards)


def _words(words: Words | None) -> Iterator[str]:
    """What the definition says, before and after; whose it is."""
    for label, said in () if words is None else labelled(words, public=True):
        yield f"- {label}: {prose(said, _LONGEST_SENTENCE)}\n"


def _around(change: Change) -> Iterator[str]:
    """What it was called, and what uses it or did."""
    if change.moved_from:
        yield f"- renamed from {code(change.moved_from, LONGEST_NAME)}\n"
    if change.used_by:
        named = [f"{prose(use.key[0])} {code(use.key[1], LONGEST_NAME)}" for use in users(change)]
        more = [f"{count(len(named) - MOST_NAMED)} more"] if len(named) > MOST_NAMED else []
        what = "was used by" if change.action is Action.DELETE else "used by"
        yield f"- {what}: {', '.join([*named[:MOST_NAMED], *more])}\n"


def _backtest(past: Backtest | None, zone: str) -> Iterator[str]:
    """The sizes of both definitions in the past, a line for each instant."""
    if past is None:
        return
    yield "\n"
    yield "| as of | old | new |\n"
    yield "| --- | ---: | ---: |\n"
    for place, instant in enumerate(past.instants_us):
        old = "" if past.before is None else count(past.before[place])
        yield f"| {local(instant, zone)} | {old} | {count(past.after[place])} |\n"
    yield "\n"


def _variants(members: Members | None) -> Iterator[str]:
    if members is None or not members.variants:
        return
    yield "\n"
    yield "| variant | before | after |\n"
    yield "| --- | ---: | ---: |\n"
    for variant in members.variants:
        yield f"| {code(variant.name, LONGEST_NAME)} | {count(variant.before)} | {count(variant.after)} |\n"
    if members.reassigned:
        yield "\n"
        yield f"{plural(members.reassigned, 'member')} to another variant.\n"


def _values(values: Values | None, zone: str) -> Iterator[str]:
    if values is None:
        return
    both = (("before", values.before), ("after", values.after))
    spreads = [(name, spread) for name, spread in both if spread is not None]
    if values.before and values.after and values.before.type != values.after.type:
        yield f"- type: {code(values.before.type)} → {code(values.after.type)}\n"
    if any(spread.quantiles for _, spread in spreads):
        yield "\n"
        yield f"| | {' | '.join(HEADS)} |\n"
        yield f"| --- |{' ---: |' * len(HEADS)}\n"
        for name, spread in spreads:
            cells = shown(spread, zone) if spread.quantiles else ("",) * len(HEADS)
            yield f"| {name} | {' | '.join(cells)} |\n"
