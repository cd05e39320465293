"""A plan as a comment on a pull request: refusals and one table first, the rest folded, and never too long.

Counts only. Everything that a definition's author has written is shown as code, so that it means nothing
to Markdown, HTML, Mermaid or the platform. What has no room is counted, and it is said where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from segctl.load.document import Key
from segctl.plan.grants import Grant
from segctl.plan.plan import Action, Change, GuardFinding, Plan, Reason
from segctl.report.held import held_markdown, older_words
from segctl.report.markdown_allowances import allowances
from segctl.report.markdown_changes import HEAD, details, finding, row
from segctl.report.markdown_text import code
from segctl.report.mermaid import fenced, flowchart
from segctl.report.plan_words import refusals
from segctl.report.text import count, plural
from segctl.report.times import local

LIMIT = 60_000
"""Characters; GitHub takes 65,536, and what makes a comment of it adds some."""

_FIRST_ROWS = 25
_MOST_REFUSALS = 20
_LONGEST_REFUSALS = 15_000
_MOST_DRAWN = 40
_LONGEST_CHART = 8_000
_TABLE_SHARE = 0.7
_LEAST = 160
"""A folded part that would be shorter is left out."""

_MARKS = {Action.CREATE: "new", Action.UPDATE: "changed", Action.DELETE: "removed"}


@dataclass(frozen=True)
class Beside:
    """What is no part of the plan: who uses what, notes for its reader (ours), and where the whole of it is.

    `granted` is what may pass, with the reason and who gave it.
    """

    uses: Sequence[tuple[Key, Key]] = ()
    notes: Sequence[str] = ()
    granted: Sequence[Grant] = ()
    whole: str = "`segctl plan` shows all"
    limit: int = LIMIT


def markdown(planned: Plan, zone: str, beside: Beside = Beside()) -> str:
    """The whole comment, of at most `beside.limit` characters (at least 4,000)."""
    head = _head(planned, zone, beside)
    if not planned.changes:
        return head
    changes = sorted(planned.changes, key=_weight)
    table = _table(changes, int((beside.limit - len(head)) * _TABLE_SHARE), beside.whole)
    chart = _chart(planned, beside)
    room = beside.limit - len(head) - len(table) - len(chart)
    return head + table + chart + _folded(changes, zone, room, beside.whole)


def _weight(change: Change) -> tuple[bool, int, Key]:
    """Refused changes first, then by how many users move."""
    members, values = change.members, change.values
    moved = members.entered + members.exited if members else values.changed if values else 0
    return not any(found.stops for found in change.guards), -moved, change.key


def _head(planned: Plan, zone: str, beside: Beside) -> str:
    basis = planned.basis
    against = f"against serial {basis.serial}" if basis.serial else "nothing is applied yet"
    only = f", only {code(basis.selection)}" if basis.selection else ""
    lines = [
        f"### Plan of {code(basis.project)}\n\n",
        f"{_summary(planned)}  \n",
        f"As of {local(basis.as_of_us, zone)}, {against}{only}, digest {code(planned.digest or 'none')}\n\n",
        *(f"> {note}\n\n" for note in beside.notes),
    ]
    older = older_words(planned.older, zone)
    return (
        "".join(lines)
        + (f"{older}\n\n" if older else "")
        + _refusals(planned)
        + held_markdown(planned, zone)
        + allowances(planned, beside.granted)
    )


def _summary(planned: Plan) -> str:
    if planned.is_empty:
        return f"**No changes**; {plural(planned.unchanged, 'definition')} unchanged."
    if not planned.changes:
        return f"**No member moves**; {plural(planned.unchanged, 'membership')} as of the new instant."
    parts = [f"{count(planned.count(action))} to {action}" for action in Action]
    return f"**{', '.join(parts)}**, {count(planned.unchanged)} unchanged."


def _refusals(planned: Plan) -> str:
    """What would refuse the apply, and what is said of the plan as a whole."""
    stops = [found for found in planned.findings() if found.stops]
    said = [found for found in planned.guards if not found.stops]
    text = ""
    if stops:
        shown = _within_room(stops)
        more = len(stops) - len(shown)
        text += f"**{refusals(planned)}:**\n\n{''.join(shown)}"
        text += f"- and {count(more)} more, in the table\n" if more > 0 else ""
        text += "\n"
    shown = _within_room(said)
    return text + "".join(shown) + ("\n" if shown else "")


def _within_room(found: Sequence[GuardFinding]) -> list[str]:
    """The first findings as points of a list, as many as have room on top."""
    return list(_within(map(finding, found[:_MOST_REFUSALS]), _LONGEST_REFUSALS))


def _table(changes: Sequence[Change], room: int, whole: str) -> str:
    """The rows, all but the first ones folded; those that have no room are counted."""
    rows = [row(change) for change in changes]
    fitting, used = 0, len(HEAD) * 2 + _LEAST
    while fitting < len(rows) and used + len(rows[fitting]) <= room:
        used += len(rows[fitting])
        fitting += 1
    first, rest = rows[: min(fitting, _FIRST_ROWS)], rows[_FIRST_ROWS:fitting]
    text = HEAD + "".join(first) + "\n"
    if rest:
        text += _part(plural(len(rest), "more change"), [HEAD, *rest])
    if fitting < len(rows):
        text += f"**{plural(len(rows) - fitting, 'more row')}** are not shown here: {whole}.\n\n"
    return text


def _chart(planned: Plan, beside: Beside) -> str:
    """What is touched, and what uses it, one step far."""
    marks = {change.key: _mark(change) for change in planned.changes if change.key[0] != "project"}
    near = {key for pair in beside.uses if pair[1] in marks for key in pair}
    marks = dict.fromkeys(near, "") | marks
    if not any(user in marks and used in marks for user, used in beside.uses):
        return ""
    drawn = fenced(flowchart(marks, beside.uses, most=_MOST_DRAWN))
    if len(drawn) > _LONGEST_CHART:
        return ""
    return f"<details><summary>What is touched</summary>\n\n{drawn}\n</details>\n\n"


def _mark(change: Change) -> str:
    if Reason.ARCHIVED in change.reasons:
        return "archived"
    return "renamed" if change.reasons == (Reason.MOVED,) else _MARKS[change.action]


def _folded(changes: Sequence[Change], zone: str, room: int, whole: str) -> str:
    """A folded part for each change; the longest are cut, and if that is not enough the last ones left out."""
    parts = [(summary, lines) for summary, lines in (details(change, zone) for change in changes) if lines]
    pointer = f"More: {whole}.\n"
    room -= len(pointer) + _LEAST
    kept = parts[: max(0, room) // _LEAST]
    longest = _longest([len(_part(*part)) for part in kept], room)
    texts = [_cut(summary, lines, longest, whole) for summary, lines in kept]
    shown = list(_within([text for text in texts if text], room))
    left = len(parts) - len(shown)
    tail = f"The details of {plural(left, 'more change')} are not shown here. " if left else ""
    return "".join(shown) + (tail + pointer if left or shown != [_part(*part) for part in parts] else "")


def _within(texts: Iterable[str], room: int) -> Iterator[str]:
    for text in texts:
        room -= len(text)
        if room < 0:
            return
        yield text


def _longest(lengths: Sequence[int], room: int) -> int:
    """The length to which the longest have to be cut, so that all have room."""
    left, many = room, len(lengths)
    for length in sorted(lengths):
        if length * many > left:
            return max(left // many, 2 * _LEAST)
        left -= length
        many -= 1
    return max(lengths, default=0)


def _part(summary: str, lines: Sequence[str]) -> str:
    return f"<details><summary>{summary}</summary>\n\n{''.join(lines)}\n</details>\n\n"


def _cut(summary: str, lines: Sequence[str], longest: int, whole: str) -> str:
    """The part with as many whole lines as there is room for; it says how many are missing."""
    if len(_part(summary, lines)) <= longest:
        return _part(summary, lines)
    said = f"\n{plural(len(lines), 'more line')}: {whole}.\n"
    room = longest - len(_part(summary, [said]))
    kept = list(_within(lines, room))
    return _part(summary, [*kept, f"\n{plural(len(lines) - len(kept), 'more line')}: {whole}.\n"])
