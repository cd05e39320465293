"""What uses what, as a Mermaid flowchart: GitHub and GitLab draw it where it stands in a comment."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from segctl.graph import shown
from segctl.load.document import Key

MOST = 60
"""The most resources that are drawn unless more are asked for."""

_EDGES_PER_NODE = 5
"""Mermaid draws at most 500 arrows, and nobody reads so many."""

_PLAIN = frozenset(string.ascii_letters + string.digits + "_ .,:()-+")
_SHAPES = {
    "segment": ("[", "]"), "campaign": ("([", "])"), "extension": ("[[", "]]"), "list": ("[(", ")]"),
    "trait": ("{{", "}}"),
}  # fmt: skip
_STYLES: Mapping[str, str] = {
    "new": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "changed": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "renamed": "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    "removed": "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4",
    "archived": "fill:#eaeef2,stroke:#6e7781,color:#1f2328,stroke-dasharray:4",
}


def flowchart(
    marks: Mapping[Key, str],
    uses: Iterable[tuple[Key, Key]],
    *,
    most: int = MOST,
    rest: str = "`segctl graph` shows all",
) -> str:
    """Resources and what uses them; arrows go from what is used to what uses it.

    `marks` holds every resource with its mark: `new`, `changed`, `renamed`, `removed`, `archived`, or anything
    else for none. `uses` are pairs of who uses, and what. Of more than `most` resources those with a mark come
    first, and one box says how many are left out, and `rest`. The text can stand in Markdown as it is.
    """
    drawn = _chosen(marks, most)
    numbers = {key: f"n{number}" for number, key in enumerate(drawn)}
    lines = ["flowchart LR"]
    lines += [f"  {_node(key, numbers[key], marks[key])}" for key in drawn]
    arrows = sorted((used, user) for user, used in set(uses) if user in numbers and used in numbers)
    lines += [f"  {numbers[used]} --> {numbers[user]}" for used, user in arrows[: _EDGES_PER_NODE * most]]
    if len(marks) > len(drawn):
        lines.append(f'  rest["{escape(f"and {len(marks) - len(drawn):,} more: {rest}")}"]')
    lines += _classes({marks[key] for key in drawn})
    return "\n".join(lines) + "\n"


def fenced(chart: str) -> str:
    """A chart as a block of Markdown."""
    return f"```mermaid\n{chart}```\n"


def escape(text: str) -> str:
    """A text for a label: whatever could mean something to Mermaid, Markdown or HTML is a character's number."""
    return "".join(letter if letter in _PLAIN else f"#{ord(letter)};" for letter in text)


def _chosen(marks: Mapping[Key, str], most: int) -> Sequence[Key]:
    """What is drawn, in order: of too many, what has a mark first."""
    keys = sorted(marks)
    if len(keys) > most:
        keys = sorted(sorted(keys, key=lambda key: (marks[key] not in _STYLES, key))[:most])
    return keys


def _node(key: Key, number: str, mark: str) -> str:
    left, right = _SHAPES.get(key[0], ("[", "]"))
    return f'{number}{left}"{escape(shown(key))}"{right}{f":::{mark}" if mark in _STYLES else ""}'


def _classes(marks: Collection[str]) -> Iterator[str]:
    """How the marks look, of those that are there."""
    return (f"  classDef {mark} {style}" for mark, style in _STYLES.items() if mark in marks)
