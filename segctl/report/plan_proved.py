"""What a plan says beside a change's effect: what is certain of a definition, and its sizes in the past."""

from __future__ import annotations

from rich.text import Text

from segctl.plan.plan import Action, Backtest, Change, Proved, Relation
from segctl.report.text import count
from segctl.report.times import day

RELATIONS = {
    Relation.SAME: "the same users as before: both definitions mean the same",
    Relation.NARROWER: "narrower: each of its members matches the old definition",
    Relation.WIDER: "wider: each member of the old definition matches it",
    Relation.APART: "apart: nobody can be in both the old one and the new one",
    Relation.NEITHER: "neither narrower nor wider: it takes some in and leaves some out",
    Relation.UNKNOWN: "not known whether it is narrower or wider",
}
_BARS = "▁▂▃▄▅▆▇█"


def certain(proved: Proved | None) -> list[str]:
    """What is certain of a definition, in words; that the relation is not known is said too."""
    if proved is None:
        return []
    words = [] if proved.relation is None else [RELATIONS[proved.relation]]
    if proved.always is not None:
        words.append("always true: every user is in it" if proved.always else "never true: nobody can be in it")
    return words


def proved_lines(change: Change) -> Text:
    """What is certain, one line each."""
    text = Text()
    for words in certain(change.proved):
        loud = words.startswith(("always", "never", "apart"))
        text.append(f"      {words}\n", style="yellow" if loud else "dim")
    return text


def backtest_lines(change: Change, zone: str) -> Text:
    """The sizes as bars, the old definition above the new one, on one scale."""
    past = change.backtest
    if past is None:
        return Text()
    top = max(*(past.before or ()), *past.after, 1)
    since = day(past.instants_us[0], zone)
    text = Text(f"      since {since}:\n", style="dim")
    names = ("old", "new") if change.action is not Action.CREATE and past.before is not None else ("", "new")
    for name, sizes in zip(names, (past.before, past.after), strict=True):
        if sizes is not None and name:
            ends = f"{count(sizes[0])} → {count(sizes[-1])}"
            text.append(f"        {name} {sparkline(sizes, top)}  {ends}\n")
    return text


def sparkline(sizes: tuple[int, ...], top: int) -> str:
    """A bar for each size, the highest for `top`."""
    return "".join(_BARS[(size * (len(_BARS) - 1) + top // 2) // top] for size in sizes)


def backtest_data(past: Backtest) -> dict[str, object]:
    """The sizes for JSON."""
    from segctl.state.instants import to_text

    return {
        "instants": [to_text(instant) for instant in past.instants_us],
        "before": None if past.before is None else list(past.before),
        "after": list(past.after),
    }
