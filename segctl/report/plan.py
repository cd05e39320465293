"""A plan for people: what changes, why, and who moves."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from segctl.plan.plan import Action, Change, FieldChange, GuardFinding, Members, Movement, Plan
from segctl.report.held import held_summary, held_text, older_words
from segctl.report.plan_around import around, fate
from segctl.report.plan_proved import backtest_lines, proved_lines
from segctl.report.plan_sentences import words_lines
from segctl.report.plan_words import refusals, why
from segctl.report.text import count, plural
from segctl.report.times import local
from segctl.report.values import inline
from segctl.report.values_change import values_lines

MOST_WORDED = 10
"""Of more definitions that come or go at once, a line each is told."""

_SIGN = {Action.CREATE: ("+", "green"), Action.UPDATE: ("~", "yellow"), Action.DELETE: ("-", "red")}


def plan(planned: Plan, zone: str) -> Text:
    """The whole plan; instants in the zone."""
    text = Text()
    text.append_text(_heading(planned, zone))
    text.append_text(changes_text(planned.changes, zone))
    if planned.changes:
        text.append("\n")
    for finding in planned.guards:
        text.append_text(_guard(finding, ""))
    text.append_text(held_text(planned, zone))
    text.append_text(summary(planned))
    return text.append(f"{older}\n" if (older := older_words(planned.older, zone)) else "")


def changes_text(changes: Sequence[Change], zone: str) -> Text:
    """Every change: what it is, why, and who moves."""
    text = Text()
    whole = [change for change in changes if change.action is not Action.UPDATE]
    widths = max((len(_title(c)) for c in whole), default=0), max((len(count(_all(c))) for c in whole), default=0)
    leaving = {change.key for change in changes if change.action is Action.DELETE}
    worded = len(whole) <= MOST_WORDED
    for change in changes:
        text.append_text(_change(change, widths, zone, worded=worded or change.action is Action.UPDATE))
        text.append_text(around(change, leaving, "      "))
        for finding in change.guards:
            text.append_text(_guard(finding, "      "))
    if not worded and any(change.words for change in whole):
        text.append("\n  what they mean, in words: `segctl show NAME`, or `--format markdown`\n", style="dim")
    return text


def _heading(planned: Plan, zone: str) -> Text:
    basis = planned.basis
    since = f"against serial {basis.serial}" if basis.serial else "nothing is applied yet"
    what = basis.project if planned.restores is None else f"{basis.project}, back to serial {planned.restores}"
    text = Text(f"{what}, as of {local(basis.as_of_us, zone)}, {since}\n", style="bold")
    if basis.selection:
        text.append(f"only {basis.selection}\n")
    return text.append("\n") if planned.changes or planned.held else text


def summary(planned: Plan) -> Text:
    """How many of what, the unchanged as well, and whether a guard would stop it."""
    text = _summary(planned)
    held = held_summary(planned)
    return text.append(f"{held[:1].upper()}{held[1:]}.\n", style="bold yellow") if held else text


def _summary(planned: Plan) -> Text:
    text = Text()
    if planned.all_held and not planned.changes:
        return text
    if planned.is_empty and planned.restores is not None:
        serials = f"serial {planned.basis.serial} holds what serial {planned.restores} held"
        return text.append(f"Nothing to bring back: {serials}.\n")
    if planned.is_empty:
        return text.append(f"No changes; {plural(planned.unchanged, 'definition')} unchanged.\n")
    if planned.changes:
        parts = [f"{count(planned.count(action))} to {action}" for action in Action]
        text.append(f"Plan: {', '.join(parts)}, {count(planned.unchanged)} unchanged.\n", style="bold")
    else:
        instant = "the new instant" if planned.restores is None else f"serial {planned.restores}"
        text.append(f"No member moves; {plural(planned.unchanged, 'membership')} as of {instant}.\n")
    refused = refusals(planned)
    return text.append(f"{refused}.\n", style="bold red") if refused else text


def _title(change: Change) -> str:
    return " ".join(change.key)


def _change(change: Change, widths: tuple[int, int], zone: str, *, worded: bool) -> Text:
    sign, style = _SIGN[change.action]
    text = Text()
    text.append(f"  {sign} ", style=f"bold {style}")
    if change.action is Action.UPDATE:
        text.append(_title(change), style="bold")
        text.append(f"  {_reasons(change)}\n", style="dim")
        for field in change.diff:
            text.append_text(_field(field))
        text.append_text(words_lines(change))
        text.append_text(proved_lines(change))
        text.append_text(_members(change.members))
        text.append_text(values_lines(change.values, zone))
    else:
        text.append(_title(change).ljust(widths[0]), style="bold")
        text.append_text(_whole(change, widths[1]))
        text.append_text(words_lines(change) if worded else Text())
        text.append_text(proved_lines(change))
    text.append_text(_variants(change.members))
    text.append_text(backtest_lines(change, zone))
    return text


def _reasons(change: Change) -> str:
    return why(change, moved=f"renamed from {change.moved_from}") if change.moved_from else why(change)


def _all(change: Change) -> int:
    """How many members, or users with a value, come or go with the whole of it."""
    if change.values is not None:
        return change.values.changed
    if change.members is None:
        return 0
    return change.members.after if change.action is Action.CREATE else change.members.before


def _whole(change: Change, width: int) -> Text:
    """What comes or goes with all of its members, or of the users who have a value."""
    if change.members is None and change.values is None:
        return Text("\n")
    number = _all(change)
    word = "user with a value" if change.values else "member"
    many = word.replace("user", "users") if change.values else "members"
    return Text(f"  {count(number).rjust(width)} {word if number == 1 else many}{fate(change)}\n")


def _field(field: FieldChange) -> Text:
    text = Text(f"      {field.path}: ")
    if field.before is None:
        return text.append(f"{inline(field.after)}  (new)\n", style="green")
    if field.after is None:
        return text.append(f"{inline(field.before)}  (removed)\n", style="red")
    text.append(inline(field.before), style="red").append(" → ").append(inline(field.after), style="green")
    return text.append("\n")


def _members(members: Members | None) -> Text:
    if members is None:
        return Text()
    text = Text(f"      members: {count(members.before)} → {count(members.after)}")
    if not (members.entered or members.exited):
        return text.append("  nobody moves\n", style="dim")
    text.append_text(_movement(Movement(members.entered, members.exited))).append("\n")
    for name, part in (("by definition", members.by_definition), ("by data", members.by_data)):
        if part.entered or part.exited:
            text.append(f"        {name}:").append_text(_movement(part)).append("\n")
    return text


def _movement(movement: Movement) -> Text:
    text = Text()
    if movement.entered:
        text.append(f"  +{count(movement.entered)} entered", style="green")
    if movement.exited:
        text.append(f"  -{count(movement.exited)} exited", style="red")
    return text


def _variants(members: Members | None) -> Text:
    if members is None or not members.variants:
        return Text()
    parts = [
        f"{v.name} {count(v.after) if v.before in {0, v.after} else f'{count(v.before)} → {count(v.after)}'}"
        for v in members.variants
    ]
    text = Text(f"      variants: {', '.join(parts)}")
    if members.reassigned:
        text.append(f"  {plural(members.reassigned, 'member')} to another variant", style="yellow")
    return text.append("\n")


def _guard(finding: GuardFinding, margin: str) -> Text:
    mark, style = ("✗", "bold red") if finding.stops else ("!", "yellow")
    said = " (allowed)" if finding.allowed else ""
    return Text(f"{margin}{mark} {finding.rule}: {finding.message}{said}\n", style=style)
