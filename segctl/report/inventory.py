"""What there is, as a table, a page, or data."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.load.document import Key
from segctl.report.campaigns import campaign_facts, variant_counts
from segctl.report.hanging import STEP, Flow, Hanging
from segctl.report.held import because, held_data, held_lines, keys_data, names
from segctl.report.table import Cell, Column, Rows
from segctl.report.text import count, plural
from segctl.report.times import clock, local
from segctl.report.values import inline
from segctl.state.instants import to_text
from segctl.state.record import Snapshot, Trait
from segctl.workflow.inventory import Inventory, Item, Status
from segctl.workflow.showing import Shown

_COLUMNS = (
    Column("kind"), Column("name"), Column("members", right=True), Column("as of", spare=2), Column("status"),
    Column("owner", spare=3), Column("description", wraps=True, spare=1),
)  # fmt: skip
STYLES = {
    Status.APPLIED: "", Status.CHANGED: "yellow", Status.NEW: "green", Status.REMOVED: "red", Status.RENAMED: "cyan",
    Status.ARCHIVED: "dim",
}  # fmt: skip
"""How each standing looks."""


def listing(inventory: Inventory) -> RenderableType:
    """The membership table."""
    rows = [_row(item, inventory.zone) for item in inventory.items]
    since = f"serial {inventory.serial}" if inventory.serial else "nothing applied yet"
    total = Text(f"\n{inventory.project}: {plural(len(inventory.items), 'definition')}, {since}", style="bold")
    held = {item.key: item.held for item in inventory.items if item.held is not None}
    lines = [Flow(Text(line, style="yellow")) for line in held_lines(held, inventory.zone)]
    return (
        Group(Rows(_COLUMNS, rows), Flow(total), *lines)
        if inventory.items
        else Text(f"{inventory.project}: no definitions yet\n")
    )


def _row(item: Item, zone: str) -> list[Cell]:
    return [
        item.key[0],
        item.key[1],
        *_counted(item, zone),
        _status(item),
        str(item.data.get("owner", "")),
        str(item.data.get("description", "")),
    ]


def _status(item: Item) -> Text:
    """How it stands; what is held says so, whatever its definition is."""
    if item.held is None:
        return Text(item.status, style=STYLES[item.status])
    return Text("held" if item.status is Status.APPLIED else f"{item.status}, held", style="yellow")


def _counted(item: Item, zone: str) -> tuple[str, str]:
    """How many members, or users with a value, as of when."""
    if item.snapshot is not None:
        return count(item.snapshot.members), clock(item.snapshot.as_of_us, zone)
    if item.values is not None:
        return count(item.values.users), clock(item.values.as_of_us, zone)
    return "", ""


def listing_data(inventory: Inventory) -> dict[str, object]:
    """The table for JSON."""
    return {
        "format_version": "1.0",
        "project": inventory.project,
        "serial": inventory.serial,
        "definitions": [item_data(item) for item in inventory.items],
    }


def page(shown: Shown) -> Group:
    """One definition: what it means in words, what it refers to, what is published."""
    text = Text()
    text.append(" ".join(shown.item.key), style="bold")
    text.append("  ").append_text(_status(shown.item)).append("\n")
    for label, value in _facts(shown):
        text.append(f"  {label}:".ljust(16), style="dim").append(f"{value}\n")
    sentence = f"{shown.sentence[:1].upper()}{shown.sentence[1:]}."
    return Group(Flow(text), Hanging([(STEP, Text(sentence))]))


def _facts(shown: Shown) -> list[tuple[str, str]]:
    data, snapshot = shown.item.data, shown.item.snapshot
    facts = [(key, inline(data[key])) for key in ("owner", "tags", "guards", "protect", "refresh") if key in data]
    if "description" in data:
        facts.insert(0, ("description", str(data["description"])))
    facts += campaign_facts(data) if shown.item.key[0] == "campaign" else []
    facts.append(("file", f"{shown.file}:{shown.line}" if shown.line else shown.file))
    if shown.item.moved_from is not None:
        facts.append(("renamed from", shown.item.moved_from))
    gone = shown.item.status in {Status.REMOVED, Status.ARCHIVED}
    facts.append(("used" if gone else "uses", _names(shown.uses)))
    facts.append(("was used by" if gone else "used by", _names(shown.used_by)))
    if shown.used_through:
        facts.append(("indirectly", _names(shown.used_through)))
    facts.append(("tests", ", ".join(shown.tests) or "none"))
    published = _values(shown.item.values, shown.zone) or _published(snapshot, shown.zone, shown.controls)
    facts.append(("published", _last(shown.item) or published))
    if shown.item.held is not None:
        facts.append(("held since", because(shown.item.held, shown.zone)))
    if shown.mixes:
        facts.append(("built on held", names(shown.mixes)))
    return facts


def _last(item: Item) -> str:
    """Until when something was published that is no more."""
    if not item.last_serial or item.snapshot or item.values:
        return ""
    return f"{'not yet again' if item.status is Status.NEW else 'no more'}; last in serial {item.last_serial}"


def _names(keys: tuple[Key, ...]) -> str:
    return ", ".join(" ".join(key) for key in keys) or "nothing"


def _values(values: Trait | None, zone: str) -> str:
    if values is None:
        return ""
    users = plural(values.users, "user")
    return f"{users} with a value as of {local(values.as_of_us, zone)}, serial {values.serial}"


def _published(snapshot: Snapshot | None, zone: str, controls: frozenset[str]) -> str:
    if snapshot is None:
        return "not yet"
    variants = variant_counts(snapshot.variants, controls)
    return (
        f"{plural(snapshot.members, 'member')} as of {local(snapshot.as_of_us, zone)}, "
        f"serial {snapshot.serial}{f'; {variants}' if variants else ''}"
    )


def page_data(shown: Shown) -> dict[str, object]:
    """One definition for JSON."""
    return {
        "format_version": "1.0",
        **item_data(shown.item),
        "file": shown.file,
        "line": shown.line,
        "sentence": shown.sentence,
        "uses": [{"kind": kind, "name": name} for kind, name in shown.uses],
        "used_by": [{"kind": kind, "name": name} for kind, name in shown.used_by],
        "used_through": [{"kind": kind, "name": name} for kind, name in shown.used_through],
        **({"built_on_held": keys_data(shown.mixes)} if shown.mixes else {}),
        "tests": list(shown.tests),
        "definition": dict(shown.item.data),
    }


def item_data(item: Item) -> dict[str, object]:
    """What every listing tells of a definition."""
    data: dict[str, object] = {"kind": item.key[0], "name": item.key[1], "status": item.status.value}
    data |= {key: item.data[key] for key in ("description", "owner", "tags") if key in item.data}
    data |= {} if item.moved_from is None else {"moved_from": item.moved_from}
    data |= {} if item.last_serial is None else {"last_serial": item.last_serial}
    data |= {} if item.held is None else {"held": held_data(item.held)}
    if item.snapshot:
        data["snapshot"] = snapshot_data(item.snapshot)
    if item.values:
        values = item.values
        data["values"] = {"serial": values.serial, "as_of": to_text(values.as_of_us), "users": values.users}
    return data


def snapshot_data(snapshot: Snapshot) -> dict[str, object]:
    """A snapshot for JSON."""
    return {
        "serial": snapshot.serial, "as_of": to_text(snapshot.as_of_us), "members": snapshot.members,
        "entered": snapshot.entered, "exited": snapshot.exited, "membership": snapshot.membership,
        **({"variants": dict(snapshot.variants), "reassigned": snapshot.reassigned} if snapshot.variants else {}),
    }  # fmt: skip
