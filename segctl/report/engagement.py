"""Levels of engagement: their sizes, and the moves between them."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.model.project import Engagement
from segctl.report.hanging import Flow
from segctl.report.table import Cell, Column, Rows
from segctl.report.text import count, plural
from segctl.report.times import clock
from segctl.state.instants import to_text
from segctl.workflow.engagement import Levels
from segctl.workflow.levels import LEVELS

_SIZES = (
    Column("level"), Column("users", right=True), Column("share", right=True, spare=1),
    Column("a week before", right=True), Column("change", right=True), Column("which is", spare=2),
)  # fmt: skip
_MOVES = (Column("from \\ to"), *(Column(level, right=True) for level in LEVELS))


def page(levels: Levels) -> RenderableType:
    """Two tables, of the sizes and of the moves, and what they are of."""
    return Group(
        Rows(_SIZES, [_size(level, levels) for level in LEVELS]),
        Text(""),
        Rows(_MOVES, _moves(levels)),
        Flow(Text(f"\n{_moved(levels)}\n{_about(levels)}", style="bold")),
    )


def _size(level: str, levels: Levels) -> list[Cell]:
    now, before = levels.now(level), levels.before(level)
    return [level, count(now), _share(now, levels.users), count(before), _change(now - before), _meaning(level, levels)]


def _share(users: int, of: int) -> str:
    return f"{100 * users / of:.1f} %" if of else ""


def _change(change: int) -> str:
    return f"{change:+,}" if change else "0"


def _meaning(level: str, levels: Levels) -> str:
    rules: Engagement = levels.rules
    return {
        "most": f"{rules.most} or more opened or clicked",
        "somewhat": f"{rules.somewhat} or more",
        "least": "less than that",
        "everyone_else": f"no e-mail in {rules.lookback}",
    }[level]


def _moves(levels: Levels) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[before, *(_move(before, after, levels) for after in LEVELS)] for before in LEVELS]
    if any(levels.new.values()):
        rows.append(["(not there yet)", *(count(levels.new[after]) for after in LEVELS)])
    return rows


def _move(before: str, after: str, levels: Levels) -> Cell:
    """Those who stayed are dim: they are no move."""
    return Text(count(levels.moves[before, after]), style="dim" if before == after else "")


def _moved(levels: Levels) -> str:
    up, down = (
        sum(users for (one, other), users in levels.moves.items() if sign * _rank(one) > sign * _rank(other))
        for sign in (1, -1)
    )
    return f"{count(up)} moved up, {count(down)} moved down"


def _rank(level: str) -> int:
    return LEVELS.index(level)


def _about(levels: Levels) -> str:
    now, before = (clock(us, levels.zone) for us in (levels.monday_us, levels.previous_us))
    users = plural(levels.users, "user")
    return f"{users}, as of Monday {now} {levels.zone}\nthe week before is Monday {before}"


def data(levels: Levels) -> dict[str, object]:
    """The same for JSON."""
    rules: Engagement = levels.rules
    return {
        "format_version": "1.0",
        "as_of": to_text(levels.as_of_us),
        "monday": to_text(levels.monday_us),
        "previous_monday": to_text(levels.previous_us),
        "rules": {"lookback": rules.lookback, "most": rules.most, "somewhat": rules.somewhat},
        "users": levels.users,
        "levels": {level: {"users": levels.now(level), "previous": levels.before(level)} for level in LEVELS},
        "moves": {before: {after: levels.moves[before, after] for after in LEVELS} for before in LEVELS},
        "new": dict(levels.new),
    }
