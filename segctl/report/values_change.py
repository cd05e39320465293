"""What happens to a trait's values, as lines under its change: how many users, and quantiles before and after."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text

from segctl.logic.calendar import date_text
from segctl.plan.values import SHARES, Distribution, Number, Values
from segctl.report.hanging import STEP
from segctl.report.text import count, plural
from segctl.report.times import minute

HEADS = ("least", *(f"{share} %" for share in SHARES[1:-1]), "greatest")
_DIGITS = 6
_MARGIN = "      "
_WIDEST = 60
"""A wider table of quantiles stands upright: it fits a narrow terminal, where a broken line would break a column."""


def values_lines(values: Values | None, zone: str) -> Text:
    """The lines; nothing where no values are touched."""
    if values is None:
        return Text()
    before = count(values.before.users) if values.before else "0"
    after = count(values.after.users) if values.after else "0"
    text = _types(values)
    text.append(f"{_MARGIN}users with a value: {before} → {after}")
    if not values.changed:
        return text.append("  nobody's changes\n", style="dim")
    text.append(f"  {plural(values.changed, 'user')} with another value", style="yellow").append("\n")
    if values.by_definition and values.by_data:
        parts = f"by definition: {count(values.by_definition)}, by data: {count(values.by_data)}"
        text.append(f"{_MARGIN}  {parts}\n")
    return text.append(quantiles((("before", values.before), ("after", values.after)), zone))


def _types(values: Values) -> Text:
    """Another type of the column: whoever reads the table has to know."""
    if not values.before or not values.after or values.before.type == values.after.type:
        return Text()
    text = Text(f"{_MARGIN}type: ").append(values.before.type, style="red")
    return text.append(" → ").append(f"{values.after.type}\n", style="green")


def quantiles(spreads: Sequence[tuple[str, Distribution | None]], zone: str) -> str:
    """A small table of quantiles, one line for each that has some."""
    rows = [(name, shown(spread, zone)) for name, spread in spreads if spread is not None and spread.quantiles]
    if not rows:
        return ""
    table = [("", HEADS), *rows]
    first = max(len(name) for name, _ in table)
    widths = [max(len(cells[place]) for _, cells in table) for place in range(len(HEADS))]
    if len(_MARGIN) + STEP + first + sum(STEP + width for width in widths) > _WIDEST:
        return _upright(table)
    lines = (
        f"{_MARGIN}  {name.ljust(first)}  {'  '.join(c.rjust(w) for c, w in zip(cells, widths, strict=True))}".rstrip()
        for name, cells in table
    )
    return "".join(f"{line}\n" for line in lines)


def _upright(table: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The same with a line for each quantile."""
    columns = [[name, *cells] for name, cells in table]
    widths = [max(map(len, column)) for column in columns]
    lines = (
        f"{_MARGIN}  {head.ljust(widths[0])}  {'  '.join(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))}"
        for head, *cells in zip(*columns, strict=True)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def shown(spread: Distribution, zone: str) -> tuple[str, ...]:
    """The quantiles as people read them."""
    return tuple(_shown(number, spread.type, zone) for number in spread.quantiles)


def _shown(number: Number, kind: str, zone: str) -> str:
    if kind.startswith("timestamp"):
        return minute(int(number), zone)
    if kind.startswith("date"):
        return date_text(int(number))
    if isinstance(number, int):
        return count(number)
    short = Decimal(f"{number:.{_DIGITS}g}")
    return f"{short.normalize():,f}" if abs(short) < Decimal(10) ** 15 else str(short)
