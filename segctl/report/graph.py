"""What uses what: as trees for people, as JSON, as Mermaid, and as DOT for Graphviz."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from segctl.graph import shown
from segctl.load.document import Key
from segctl.report.inventory import STYLES, item_data
from segctl.report.mermaid import flowchart
from segctl.report.text import count, plural
from segctl.workflow.drawing import Drawing, Edge
from segctl.workflow.inventory import Item, Status

_DOT_SHAPES = {
    "segment": "box", "campaign": "oval", "extension": "component", "list": "cylinder", "trait": "hexagon",
}  # fmt: skip
_DOT_COLOURS = {
    Status.NEW: "#1a7f37", Status.CHANGED: "#9a6700", Status.RENAMED: "#0969da", Status.REMOVED: "#cf222e",
    Status.ARCHIVED: "#6e7781",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a tree: the bars before it, the edge that leads there (None for a root), whether it was there above."""

    key: Key
    bars: str
    edge: Edge | None
    again: bool


def trees(drawing: Drawing) -> Text:
    """Whatever nothing else uses, with what it uses below it; what was shown above is not unfolded again.

    Before the first apply everything is new, and nothing is marked.
    """
    text = Text()
    if not drawing.items:
        return text.append(f"{drawing.project}: no definitions yet\n")
    for line in _lines(drawing):
        text.append_text(_line(line, drawing))
    return text.append_text(_total(drawing))


def _lines(drawing: Drawing) -> Iterator[_Line]:
    below: dict[Key, list[Edge]] = defaultdict(list)
    used = {edge.used for edge in drawing.edges}
    for edge in drawing.edges:
        below[edge.user].append(edge)
    shown_already: set[Key] = set()
    roots = sorted((key for key in drawing.items if key not in used), key=lambda key: (key not in below, _rank(key)))
    for root in roots:
        waiting: list[tuple[Edge | None, Key, str, str]] = [(None, root, "", "")]
        while waiting:
            way, key, bars, margin = waiting.pop()
            again = key in shown_already and key in below
            yield _Line(key, bars, way, again)
            if again:
                continue
            shown_already.add(key)
            children = below.get(key, [])
            for number, child in reversed(list(enumerate(children, 1))):
                last = number == len(children)
                bar, after = ("└─ ", "   ") if last else ("├─ ", "│  ")
                waiting.append((child, child.used, margin + bar, margin + after))


def _rank(key: Key) -> tuple[bool, Key]:
    """Campaigns first."""
    return key[0] != "campaign", key


def _line(line: _Line, drawing: Drawing) -> Text:
    item = drawing.items[line.key]
    text = Text(line.bars, style="dim")
    text.append(shown(line.key), style="bold" if line.key in drawing.named else "")
    if drawing.serial and item.status is not Status.APPLIED:
        text.append(f"  {_status(item)}", style=STYLES[item.status])
    if line.edge is not None and not line.edge.defined:
        text.append("  used no more", style="red")
    elif line.edge is not None and not line.edge.applied and _is_applied(line.edge, drawing):
        text.append("  used from now on", style="green")
    members = item.snapshot.members if item.snapshot else item.values.users if item.values else None
    if members is not None and not line.again:
        text.append(f"  {count(members)}", style="dim")
    return text.append("  (above)\n" if line.again else "\n", style="dim")


def _status(item: Item) -> str:
    return f"renamed from {item.moved_from}" if item.status is Status.RENAMED else str(item.status)


def _is_applied(edge: Edge, drawing: Drawing) -> bool:
    """Whether both ends are there already, so that the use is what is new."""
    return Status.NEW not in {drawing.items[edge.user].status, drawing.items[edge.used].status}


def _total(drawing: Drawing) -> Text:
    since = f"serial {drawing.serial}" if drawing.serial else "nothing applied yet"
    uses = plural(sum(edge.defined for edge in drawing.edges), "use")
    return Text(f"\n{drawing.project}: {plural(len(drawing.items), 'definition')}, {uses}, {since}\n", style="bold")


def as_data(drawing: Drawing) -> dict[str, object]:
    """For JSON: the resources, and who uses what."""
    return {
        "format_version": "1.0",
        "project": drawing.project,
        "serial": drawing.serial,
        "nodes": [item_data(item) for _, item in sorted(drawing.items.items())],
        "edges": [
            {
                "from": _key_data(edge.user), "to": _key_data(edge.used), "applied": edge.applied,
                "defined": edge.defined,
            }
            for edge in drawing.edges
        ],
    }  # fmt: skip


def _key_data(key: Key) -> dict[str, str]:
    return {"kind": key[0], "name": key[1]}


def mermaid(drawing: Drawing, most: int) -> str:
    """A flowchart of at most so many resources; uses that are no more are left out."""
    marks = {key: str(item.status) if drawing.serial else "" for key, item in drawing.items.items()}
    gone = {Status.REMOVED, Status.ARCHIVED}
    uses = (
        (edge.user, edge.used)
        for edge in drawing.edges
        if edge.defined or {drawing.items[edge.user].status, drawing.items[edge.used].status} & gone
    )
    return flowchart(marks, uses, most=most)


def dot(drawing: Drawing) -> str:
    """For Graphviz; what is used no more is drawn with broken lines."""
    lines = ["digraph segctl {", "  rankdir=LR;", "  node [fontname=sans];"]
    lines += [f"  {_dot_node(key, item)};" for key, item in sorted(drawing.items.items())]
    lines += [f"  {_dot_edge(edge)};" for edge in drawing.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_node(key: Key, item: Item) -> str:
    colour = _DOT_COLOURS.get(item.status)
    settings: Mapping[str, str] = {
        "label": shown(key), "shape": _DOT_SHAPES.get(key[0], "box"), **({"color": colour} if colour else {}),
        **({"style": "dashed"} if item.status in {Status.REMOVED, Status.ARCHIVED} else {}),
    }  # fmt: skip
    return f"{_quoted('.'.join(key))} [{_settings(list(settings.items()))}]"


def _dot_edge(edge: Edge) -> str:
    ends = f"{_quoted('.'.join(edge.used))} -> {_quoted('.'.join(edge.user))}"
    return ends if edge.defined else f"{ends} [style=dashed]"


def _settings(settings: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in settings)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
