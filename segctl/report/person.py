"""One user: what the user is in, then traits, profile and recent events; what is long is folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.logic.interpret import Row
from segctl.logic.problem import dotted
from segctl.report.explain import variant_words
from segctl.report.explain_json import plain_value, variant_data
from segctl.report.found import ago, worded
from segctl.report.hanging import STEP, Flow, Hanging
from segctl.report.table import Cell, Column, Rows
from segctl.report.text import plural
from segctl.report.times import clock, local
from segctl.state.instants import to_text
from segctl.workflow.person import Belonging, Person

_MOST_FACTS = 12
"""So many values of a profile are shown, and so many traits; the others are counted."""

_COLUMNS = (Column("kind"), Column("name"), Column("now"), Column("published", wraps=True, spare=1))


def page(person: Person, *, whole: bool = False) -> RenderableType:
    """All of it for people; unless `whole`, what the user is not in and long lists are counted, not shown."""
    title = Text(f"{person.user}, as of {local(person.as_of_us, person.zone)}\n", style="bold")
    parts: list[RenderableType] = [Flow(title), *_belongings(person, whole=whole), Text()]
    if person.traits:
        values = [(name, worded(value, person.zone)) for name, value in person.traits]
        parts.append(Hanging(_facts("traits", values, whole=whole)))
    parts.append(Hanging(_facts("profile", _attributes(person), whole=whole)))
    return Group(*parts, Hanging(list(_events(person))))


def _attributes(person: Person) -> list[tuple[str, str]]:
    return [(dotted(path), worded(value, person.zone)) for path, value in person.attributes]


def _facts(title: str, facts: Sequence[tuple[str, str]], *, whole: bool) -> list[tuple[int, Text]]:
    """Names and values below a title, the values under each other."""
    width = max((len(name) for name, _ in facts), default=0) + STEP
    shown = facts if whole or len(facts) <= _MOST_FACTS + 1 else facts[:_MOST_FACTS]
    lines = [(STEP, Text(f"{name}:".ljust(width), style="dim").append(value, style="not dim")) for name, value in shown]
    if len(shown) < len(facts):
        lines.append((STEP, Text(f"and {len(facts) - len(shown):,} more: `--all`", style="dim")))
    return [(0, Text(title, style="bold")), *(lines or [(STEP, Text("nothing"))]), (0, Text())]


def _events(person: Person) -> Iterable[tuple[int, Text]]:
    """The recent ones, the last one first."""
    shown = f"the last {len(person.events):,} of " if len(person.events) < person.seen else ""
    later = f"; {plural(person.later, 'later one')} not seen yet" if person.later else ""
    yield 0, Text(f"events: {shown}{plural(person.seen, 'event')}{later}", style="bold")
    for row in person.events:
        when = f"{clock(row.time_us, person.zone)}, {ago(row.time_us, person.as_of_us, person.zone)}  "
        properties = ", ".join(f"{name} {worded(value, person.zone)}" for name, value in row.properties.items())
        yield STEP, Text(when, style="dim").append(row.name, style="not dim").append(f"  {properties}", style="not dim")
    if len(person.events) < person.seen:
        yield STEP, Text(f"and {person.seen - len(person.events):,} more: `--events N`", style="dim")


def _belongings(person: Person, *, whole: bool) -> Iterable[RenderableType]:
    """What the user is in, and what was published otherwise; then how many of each kind the user is not in."""
    order = sorted(person.belongings, key=lambda one: (not one.holds, one.key))
    shown = [one for one in order if whole or one.holds or one.published]
    folded = [one for one in order if one not in shown]
    inside = sum(one.holds for one in order)
    yield Text(f"in {inside:,} of {plural(len(order), 'definition')}", style="bold")
    if shown:
        yield Rows(_COLUMNS, [_row(one, person.zone) for one in shown])
    if folded:
        kinds = Counter(one.key[0] for one in folded)
        counted = ", ".join(plural(number, kind) for kind, number in sorted(kinds.items()))
        yield Flow(Text(f"not in {counted}: `--all` lists them", style="dim"))


def _row(one: Belonging, zone: str) -> list[Cell]:
    now = Text("in" if one.holds else "out", style="green" if one.holds else "dim")
    if one.variant:
        now.append(f", {variant_words(one.variant)}")
    return [one.key[0], one.key[1], now, _published(one, zone)]


def _published(one: Belonging, zone: str) -> Text:
    """Nothing where it says the same as now."""
    if one.published is None or one.published_us is None:
        return Text("never published", style="dim")
    if (one.published, one.published_variant) == (one.holds, one.variant.name if one.variant else None):
        return Text("the same", style="dim")
    variant = f", variant {one.published_variant}" if one.published_variant else ""
    text = f"{'in' if one.published else 'out'}{variant}, as of {clock(one.published_us, zone)}"
    return Text(text, style="yellow")


def page_data(person: Person) -> dict[str, object]:
    """All of it for machines."""
    return {
        "format_version": "1.0",
        "user": person.user,
        "as_of": to_text(person.as_of_us),
        "attributes": {dotted(path): plain_value(value) for path, value in person.attributes},
        "traits": {name: plain_value(value) for name, value in person.traits},
        "events": {"seen": person.seen, "later": person.later, "recent": [_event(row) for row in person.events]},
        "memberships": [_belonging(one) for one in person.belongings],
    }


def _event(row: Row) -> dict[str, object]:
    return {"event": row.name, "time": to_text(row.time_us), "properties": plain_value(dict(row.properties))}


def _belonging(one: Belonging) -> dict[str, object]:
    data: dict[str, object] = {
        "kind": one.key[0], "name": one.key[1], "holds": one.holds, **variant_data(one.variant),
    }  # fmt: skip
    if one.published is None or one.published_us is None:
        return {**data, "published": None}
    published: dict[str, object] = {"holds": one.published, "as_of": to_text(one.published_us)}
    if one.published_variant:
        published["variant"] = one.published_variant
    return {**data, "published": published}
