"""Definitions as people in a hurry write them: any spacing, any style, comments and empty lines everywhere."""

from __future__ import annotations

import json
from random import Random
from typing import Any

TEXTS = (
    "FR", "NO", "on", "12:30", "75", "0x1F", "1e3", "null", "~", "two words", "a: b", "- a", "#tag", "x #y", "it's",
    'say "hi"', "back\\slash", "^[a-z]+\\d$", " padded ", "", "été", "emoji 🎯", "tab\there", "{a}", "[b]", "*star",
    "&amp", "!bang", "%d", "2026-01-01", "1.5.2", "yes", "No", ".5", "@x", "a,b", "key:value", "line one\nline two",
    "one\n\ntwo\n", "  lead\nback\n",
    "long words that go on and on until nobody knows where the sentence began and why it does not end",
)  # fmt: skip
KEYS = ("where", "a", "b_c", "in", "name", "kind", "two words", "no", "é", "10d", "tags", "owner")
SAYINGS = (
    "why",
    "TODO: mend",
    "# twice",
    "a: b",
    "- no item",
    '"quoted"',
    "segctl: allow x: y",
    "{",
    "]",
    "tab\there",
    "",
)


def data(rng: Random, depth: int = 0) -> Any:
    """Lists, mappings and scalars."""
    roll = rng.random()
    if depth < 4 and roll < (0.9 if depth == 0 else 0.35):
        return {rng.choice(KEYS): data(rng, depth + 1) for _ in range(rng.randint(1, 4))}
    if depth < 4 and roll < 0.6:
        return [data(rng, depth + 1) for _ in range(rng.randint(1, 4))]
    return rng.choice([*TEXTS, rng.randint(-5, 2000), True, False])


class Scribe:
    """Writes one value in one of its many ways; `said` are the comments, in order."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.said: list[str] = []
        self.lines: list[str] = []
        self.in_text = False
        """Whether a line that is indented deeper would be part of a text."""

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def comment(self) -> str:
        text = f"#{self.rng.choice(['', ' ', '  '])}{self.rng.choice(SAYINGS)}"
        self.said.append(text.rstrip())
        return text + " " * self.rng.choice([0, 0, 2])

    def aside(self, indent: int, share: float = 0.15) -> None:
        """Perhaps empty lines and comments of their own."""
        while self.chance(share):
            if self.chance(0.5):
                self.lines.append(" " * self.rng.choice([0, 0, 3]))
            else:
                aside = 0 if self.in_text else self.rng.choice([0, 0, 0, 1, -1, 4])
                self.lines.append(" " * max(0, indent + aside) + self.comment())

    def behind(self) -> str:
        """Perhaps a comment behind what is on a line."""
        return (
            " " * self.rng.randint(1, 4) + self.comment() if self.chance(0.15) else " " * self.rng.choice([0, 0, 0, 2])
        )

    def document(self, value: Any) -> None:
        self.in_text = False
        self.aside(0, 0.3)
        if isinstance(value, dict | list) and self.chance(0.9):
            self.block(value, 0)
        else:
            self.lines.append(self.flow(value, 2) + self.behind())
        self.aside(0)

    def block(self, value: Any, indent: int) -> None:
        """A mapping or list, one entry to a line."""
        items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        for key, item in items:
            self.aside(indent)
            self.in_text = False
            head = "-" if key is None else self.scalar(key, key=True) + " " * self.rng.choice([0, 0, 0, 1]) + ":"
            self.entry(" " * indent + head, item, indent, is_item=key is None)

    def entry(self, head: str, item: Any, indent: int, *, is_item: bool) -> None:
        if isinstance(item, dict | list) and item and self.chance(0.75):
            level = isinstance(item, list) and not is_item and self.chance(0.4)
            inner = indent if level else indent + self.rng.choice([2, 2, 2, 1, 4])
            if is_item and self.chance(0.6):
                self.compact(head, item, indent)
                return
            self.lines.append(head + self.behind())
            self.block(item, inner)
        elif isinstance(item, str) and "\n" in item and self.chance(0.7):
            self.literal(head, item, indent)
        elif self.chance(0.1):
            self.lines.append(head + self.behind())
            self.aside(indent + 2)
            self.lines.append(" " * (indent + 2) + self.flow(item, indent + 3) + self.behind())
        else:
            self.lines.append(f"{head} {' ' * self.rng.choice([0, 0, 2])}{self.flow(item, indent + 1)}{self.behind()}")

    def compact(self, head: str, item: Any, indent: int) -> None:
        """An entry whose first line stands behind its dash."""
        at = len(self.lines)
        gap = self.rng.choice([1, 1, 3])
        said = self.said
        self.said = []
        self.block(item, indent + 1 + gap)
        before = [line for line in self.lines[at:] if line.strip() and not line.strip().startswith("#")]
        first = self.lines.index(before[0], at)
        lost = sum(line.strip().startswith("#") for line in self.lines[at:first])
        del self.lines[at:first]
        self.said = said + self.said[lost:]
        self.lines[at] = f"{head}{' ' * gap}{self.lines[at].lstrip()}"

    def literal(self, head: str, text: str, indent: int) -> None:
        """A text after `|`."""
        keep = "+" if text.endswith("\n\n") else "" if text.endswith("\n") else "-"
        step = self.rng.choice([2, 2, 4])
        digit = str(step) if text.startswith(" ") or self.chance(0.2) else ""
        self.lines.append(f"{head} |{digit}{keep}")
        for line in text.removesuffix("\n").split("\n"):
            self.lines.append(" " * (indent + step) + line if line else "")
        self.in_text = True

    def flow(self, value: Any, indent: int) -> str:
        """On one line, or in brackets over several."""
        if isinstance(value, dict | list):
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            parts = (
                [f"{self.scalar(key, key=True)}: {self.flow(item, indent + 1)}" for key, item in value.items()]
                if isinstance(value, dict)
                else [self.flow(item, indent + 1) for item in value]
            )
            comma = "," + " " * self.rng.choice([0, 1, 1, 2])
            if self.chance(0.25) and parts:
                comma = ",\n" + " " * (indent + self.rng.choice([1, 2]))
                opening += "\n" + " " * (indent + 1) if self.chance(0.5) else ""
            pad = self.rng.choice(["", "", " "])
            return opening + pad + comma.join(parts) + ("," if parts and self.chance(0.1) else "") + pad + closing
        return self.scalar(value)

    def scalar(self, value: Any, *, key: bool = False) -> str:
        if value is True or value is False:
            return str(value).lower()
        if not isinstance(value, str):
            return str(value)
        plain = (
            value.replace("_", "").isalnum()
            and value.isascii()
            and value[0].isalpha()
            and value not in ("null", "true")
        )
        if plain and self.chance(0.7):
            return value
        single = value.isprintable() and self.chance(0.5)
        if single:
            return "'" + value.replace("'", "''") + "'"
        text = json.dumps(value, ensure_ascii=self.chance(0.3))
        if " " in value.strip() and value.isascii() and not key and self.chance(0.1):
            at = text.index(" ", 2)
            return text[:at] + "\n" + " " * 40 + text[at + 1 :] if text[at + 1] != " " else text
        return text


def scribbled(rng: Random) -> tuple[str, list[str]]:
    """A text of one to three documents, and its comments."""
    scribe = Scribe(rng)
    for number in range(rng.choice([1, 1, 1, 2, 3])):
        if number or scribe.chance(0.1):
            scribe.lines.append("---" + scribe.behind())
        scribe.document(data(rng))
    return "\n".join(scribe.lines) + "\n" * rng.choice([0, 1, 1, 3]), scribe.said
