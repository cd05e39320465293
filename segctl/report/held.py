"""What is held at what is published: since when, why, through what. Counts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from segctl.load.document import Key
from segctl.plan.plan import Held, Older, Plan
from segctl.report.markdown_text import code, prose
from segctl.report.text import count, plural
from segctl.report.times import clock, local
from segctl.state.instants import to_text
from segctl.state.record import HeldBack

_MOST_TOLD = 20
_LONGEST_MESSAGE = 400


def held_text(planned: Plan, zone: str) -> Text:
    """What a plan holds, each with what it keeps and why."""
    text = Text()
    for one in planned.held:
        text.append("  ! ", style="bold yellow").append(" ".join(one.key), style="bold")
        text.append(f"  held since {clock(one.since_us, zone)}{_keeps(one)}\n")
        for reason in one.reasons:
            text.append(f"      ✗ {reason.rule}: {reason.message}\n", style="yellow")
        if one.through:
            text.append(f"      it depends on {names(one.through)}, held too\n")
        if one.mixed:
            text.append(f"      {names(one.mixed)} would be published with it as it is held\n", style="yellow")
    return text


def held_summary(planned: Plan) -> str:
    """How many are held; empty for none."""
    if not planned.held:
        return ""
    held = f"{plural(len(planned.held), 'resource')} {'is' if len(planned.held) == 1 else 'are'} held"
    return f"{held}; nothing is left to publish" if planned.all_held else f"{held} at what is published"


def held_markdown(planned: Plan, zone: str) -> str:
    """The same for a comment."""
    if not planned.held:
        return ""
    lines = [f"- {_markdown(one, zone)}\n" for one in planned.held[:_MOST_TOLD]]
    more = len(planned.held) - _MOST_TOLD
    return f"**{held_summary(planned)}:**\n\n{''.join(lines)}{f'- and {count(more)} more' if more > 0 else ''}\n"


def _markdown(held: Held, zone: str) -> str:
    kind, name = held.key
    why = "; ".join(f"{code(one.rule)}: {prose(one.message, _LONGEST_MESSAGE)}" for one in held.reasons)
    through = f"it depends on {prose(names(held.through))}" if held.through else ""
    mixed = f"{prose(names(held.mixed))} would be published with it as it is held" if held.mixed else ""
    parts = "; ".join(part for part in (why, through, mixed) if part)
    return f"{prose(kind)} {code(name)} since {clock(held.since_us, zone)}{_keeps(held)}: {parts}"


def _keeps(held: Held) -> str:
    if held.members is None:
        return ", not evaluated now"
    return f", keeps {plural(held.members.before, 'member')}; today's data give {count(held.members.after)}"


def older_words(older: Older | None, zone: str) -> str:
    """That what is published is of an earlier instant, and what a refresh would do; empty where it is not."""
    if older is None:
        return ""
    published = f"What is published is as of {local(older.as_of_us, zone)}"
    if older.moving is None:
        return f"{published}; what `segctl refresh` would move was not evaluated: {older.because}."
    held = f", and hold {count(older.held)}" if older.held else ""
    moved = plural(older.moving, "resource") if older.moving else "no resource"
    return f"{published}; `segctl refresh` would move {moved}{held}."


def older_data(older: Older) -> dict[str, object]:
    """The same for JSON."""
    return {
        "published_as_of": to_text(older.as_of_us), "evaluated": older.moving is not None,
        "would_move": older.moving, "would_hold": older.held, **({"because": older.because} if older.because else {}),
    }  # fmt: skip


def held_lines(held: Mapping[Key, HeldBack], zone: str) -> list[str]:
    """Each that is held in the state, in a short line."""
    return [f"{' '.join(key)} is held since {_shortly(one, zone)}" for key, one in sorted(held.items())]


def _shortly(held: HeldBack, zone: str) -> str:
    """`2026-01-11 00:00 (max_exit)`."""
    rules = ", ".join(rule for rule, _ in held.reasons)
    return f"{clock(held.since_us, zone)} ({rules or f'it depends on {names(held.through)}'})"


def because(held: HeldBack, zone: str) -> str:
    """`2026-01-11 00:00: max_exit: ...`."""
    why = [f"{rule}: {message}" for rule, message in held.reasons]
    through = [f"it depends on {names(held.through)}, held too"] if held.through else []
    return f"{clock(held.since_us, zone)}: {'; '.join([*why, *through])}"


def names(keys: Iterable[Key]) -> str:
    """`segment vip, list old`."""
    return ", ".join(" ".join(key) for key in keys)


def held_data(held: HeldBack) -> dict[str, object]:
    """Since when and why, for JSON."""
    reasons = [{"rule": rule, "message": message} for rule, message in held.reasons]
    return {"since": to_text(held.since_us), "reasons": reasons, "through": keys_data(held.through)}


def all_held_data(held: Mapping[Key, HeldBack]) -> list[dict[str, object]]:
    """All that is held, for JSON."""
    return [{"kind": key[0], "name": key[1], **held_data(one)} for key, one in sorted(held.items())]


def keys_data(keys: Sequence[Key]) -> list[dict[str, str]]:
    """Resources for JSON."""
    return [{"kind": kind, "name": name} for kind, name in keys]
