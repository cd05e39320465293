"""What stands around a change, for people: what used what is gone, and what refers to a new name."""

from __future__ import annotations

from collections.abc import Collection

from rich.text import Text

from segctl.graph import shown
from segctl.load.document import Key
from segctl.plan.plan import Action, Change, Reason, Use
from segctl.report.plan_words import MOST_NAMED, users
from segctl.report.text import count


def around(change: Change, leaving: Collection[Key], margin: str) -> Text:
    """The lines below a change; `leaving` is all that is deleted by the plan."""
    text = Text()
    if change.moved_from and change.key[0] != "policy" and change.members is None and change.values is None:
        text.append(f"{margin}what is published moves along; nobody enters or leaves\n", style="dim")
    if change.used_by:
        label = "was used by" if change.action is Action.DELETE else "used by"
        named = [_use(use, change, leaving) for use in users(change)]
        more = [f"{count(len(named) - MOST_NAMED)} more"] if len(named) > MOST_NAMED else []
        text.append(f"{margin}{label}: {', '.join([*named[:MOST_NAMED], *more])}\n")
    return text


def fate(change: Change) -> str:
    """What becomes of what comes or goes as a whole; begins with a comma, or is empty."""
    if change.action is Action.CREATE:
        return f", back; last in serial {change.last_serial}" if change.last_serial else ""
    if Reason.ARCHIVED in change.reasons:
        return ", archived in its file"
    return f", removed ({'values' if change.values else 'members'} kept in the history)"


def _use(use: Use, change: Change, leaving: Collection[Key]) -> str:
    said = [] if use.direct else ["through others"]
    if change.action is Action.DELETE:
        said.append("removed too" if use.key in leaving else "no more")
    elif use.applied and not use.defined:
        said.append("no more")
    elif use.defined and not use.applied:
        said.append("from now on")
    return shown(use.key) + (f" ({', '.join(said)})" if said else "")
