"""Definition files broken in every way that files break, by kind: `broken(kind, corpus, rng)`."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from segctl.load.document import from_json, to_json
from segctl.load.node import node_of, walk
from segctl.load.parse import parse
from tests.language import random_definition
from tests.strategies import random_case

ROOT = Path(__file__).resolve().parents[2]

PIECES = [
    "null", "~", "[]", "{}", "[[]]", "{a: b}", "true", "yes", "0", "-1", "1.5", "1e400", ".nan", "99999999999999999999",
    '""', "'x", '"\\x"', "*a", "&a ", "!!int x", "!x", "<<: *a", "? ", ": ", "- ", "\n", "\t", "  ", "---\n", "...\n",
    "%YAML 1.2\n", "#", ",", "{", "}", "[", "]", "|", ">-", "2026-02-30", "30d", "[7d, 30d]", "30", "all", "any", "not",
    "attribute", "event", "segment", "list", "property", "is", "in", "between", "count", "sum", "of", "kind: test\n",
    "sequence: []", "median: 1", "everyone: false", "\ufeff", "\u2028", "\x85", "\x00", "é", "\U0001f600", "\r",
    "a" * 5000, "(a*)*b", "a{1000}{1000}", "(?i)", "[[0, 0], [1, 1], [2, 2]]", "500000km", "1.2.3-rc.1", "5%", "0%",
    "a / b / 0", "02-29", "12-20", "trait: a", "campaign: '*'", "did: opened", "engagement: most", "top: 5%",
    "any_element: {}", "length: 1", "no: purchase", "rfm: {}", "formula: a", "1" * 5000, "1e999999999", "0x1F", "1_0",
]  # fmt: skip

VALUES: list[Any] = [
    None, True, False, 0, -1, 2**63 - 1, 10**40, Decimal("0.5"), Decimal("1E+999999"), "", "a", "purchase", "30d", "0d",
    "2026-01-31", "2026-13-01", "9" * 12 + "w", "50%", [], {}, ["a"], [1, 2], ["2026-01-31", "2026-01-01"],
    ["7d", "30d"], {"a": 1}, {"everyone": True}, {"attribute": "x", "is": 1}, {"property": "x", "is": 1},
    {"event": "x"}, {"at_least": 2}, {"of": "x"}, {"segment": "a", "list": "b"}, {"sequence": []},
    {"not": {"all": []}}, [[{"all": [[]]}]], {"event": "*"}, {"starts_with": ""}, {"every": "1s", "at_least": 1},
    {"lat": 91, "lon": 0, "radius": "5km"}, {"polygon": [[0, 0], [0, 0], [0, 0]]}, {"within_next": "7d"},
    {"any_element": {"any_element": {"is": 1}}}, {"matches": "(((((((((("}, {"exactly": Decimal("1.5")}, True, "*",
]  # fmt: skip

Mutation = Callable[[Sequence[str], Random], str | bytes]


def corpus() -> list[str]:
    """The example's definitions, bad ones, and conditions of the whole language; about half of them are fine."""
    good = _texts(ROOT / "segments")
    return [*good * 2, *_texts(ROOT / "tests" / "cases" / "bad_definitions"), *_conditions()]


def _texts(folder: Path) -> list[str]:
    files = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    return [path.read_bytes().decode("utf-8", "replace") for path in files]


def _conditions() -> list[str]:
    """The conditions of the golden cases as segments, and random definitions as they are written."""
    found: list[str] = []
    for text in _texts(ROOT / "tests" / "cases" / "language"):
        cases = [case for node in parse(text, "f").documents for case in node.data.get("cases", ())]
        wheres = [case["where"] for case in cases if "where" in case]
        found += [_written(f"c{number}", where) for number, where in enumerate(wheres)]
    rng = Random(1)  # noqa: S311 - reproducible, not secret
    case = random_case(rng)
    found += ["\n---\n".join(to_json(random_definition(rng, case)) for _ in range(3)) for _ in range(60)]
    return found


def _written(name: str, where: Any) -> str:
    return f"kind: segment\nname: {name}\nwhere: {to_json(where)}\n"


def broken(kind: str, texts: Sequence[str], rng: Random) -> bytes:
    """A file of this kind of mutation; `KINDS` names them."""
    made = KINDS[kind](texts, rng)
    return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def any_kind(texts: Sequence[str], rng: Random) -> bytes:
    """A file of some kind; the plain ones more often than those that are large."""
    return broken(rng.choices(list(KINDS), [8 if kind in PLAIN else 1 for kind in KINDS])[0], texts, rng)


# --- text ------------------------------------------------------------------------------------------


def edited(texts: Sequence[str], rng: Random) -> str:
    """A few places cut, repeated, replaced by pieces of YAML, or by pieces of another file."""
    text = rng.choice(texts)
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice([0, 1, 2, 5, 20, 100]))
        other = rng.choice(texts)
        cut = rng.randint(0, len(other))
        values = [m.span(1) for m in re.finditer(r":[ \t]+([^\s#][^\n,}\]]*)", text)] or [(start, end)]
        value = rng.choice(values)
        piece = rng.choice(PIECES)
        text = rng.choice([
            text[:start],
            text[:start] + text[end:],
            text[:start] + text[start:end] * 3 + text[end:],
            text[:start] + piece + text[end:],
            text[: value[0]] + piece + text[value[1] :],
            text[: value[0]] + other[cut : cut + 40] + text[value[1] :],
            text[:start] + other[cut:],
        ])  # fmt: skip
    return text


def truncated(texts: Sequence[str], rng: Random) -> bytes:
    """Cut at any byte, in the middle of a character too."""
    raw = rng.choice(texts).encode()
    return raw[: rng.randint(0, len(raw))]


def spliced(texts: Sequence[str], rng: Random) -> str:
    """The start of one file, the end of another, at line ends or anywhere."""
    one, other = rng.choice(texts), rng.choice(texts)
    if rng.random() < 0.5:
        head, tail = one.splitlines(keepends=True), other.splitlines(keepends=True)
        return "".join(head[: rng.randint(0, len(head))] + tail[rng.randint(0, len(tail)) :])
    return one[: rng.randint(0, len(one))] + other[rng.randint(0, len(other)) :]


def misspelt(texts: Sequence[str], rng: Random) -> str:
    """Keys dropped, repeated and misspelt, line by line."""
    lines = rng.choice(texts).splitlines(keepends=True)
    for _ in range(rng.randint(1, 3)):
        keyed = [number for number, line in enumerate(lines) if re.match(r"[\s-]*\w+:", line)]
        if not keyed:
            break
        at = rng.choice(keyed)
        letters = [m.start() for m in re.finditer(r"\w", lines[at].partition(":")[0])]
        place = rng.choice(letters)
        lines[at : at + 1] = rng.choice([
            [], [lines[at], lines[at]],
            [lines[at][:place] + rng.choice("aeixs_") + lines[at][place + 1 :]],
            [lines[at][:place] + lines[at][place + 1 :]],
            [" " * rng.randint(1, 3) + lines[at]],
        ])  # fmt: skip
    return "".join(lines)


def strange_bytes(texts: Sequence[str], rng: Random) -> bytes:
    """Bytes that are no UTF-8, control characters, marks at the start, other ends of lines, other encodings."""
    text = rng.choice(texts)
    raw = text.encode()
    at = rng.randint(0, len(raw))
    changes: list[Callable[[], bytes]] = [
        lambda: raw[:at] + rng.randbytes(rng.randint(1, 8)) + raw[at:],
        lambda: raw[:at] + bytes([rng.randrange(32)]) * rng.randint(1, 3) + raw[at:],
        lambda: b"\xef\xbb\xbf" * rng.randint(1, 2) + raw,
        lambda: raw.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\r", b"\x0b", b"\xc2\x85"])),
        lambda: raw.replace(b"  ", b"\t", rng.randint(1, 5)),
        lambda: text.encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig"]), "replace"),
        lambda: raw[:at] + rng.choice([b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\x00"]) + raw[at:],
        lambda: rng.randbytes(rng.randint(1, 400)),
    ]
    return rng.choice(changes)()


# --- structure -------------------------------------------------------------------------------------


def restructured(texts: Sequence[str], rng: Random) -> str:
    """Documents whose YAML is fine and whose values, keys and places have been swapped."""
    nodes = parse(rng.choice(texts), "f").documents
    documents = [from_json(to_json(node.data)) for node in nodes]
    for document in documents:
        for _ in range(rng.randint(1, 3)):
            places = [path for path, _ in walk(node_of(document)) if path]
            if places:
                swap(document, rng.choice(places), rng)
    return "\n---\n".join(to_json(document) for document in documents)


def swap(document: Any, path: tuple[str | int, ...], rng: Random) -> None:
    """Replace, remove, rename or repeat what stands at the path."""
    parent = document
    for part in path[:-1]:
        parent = parent[part]
    last = path[-1]
    choice = rng.randrange(4)
    if choice == 0:
        del parent[last]
    elif choice == 1 and isinstance(parent, dict):
        parent[rng.choice(PIECES).strip() or "x"] = parent.pop(last)
    elif choice == 2 and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[int(last)]))
    else:
        parent[last] = copy.deepcopy(rng.choice(VALUES))


_HEAD = "kind: segment\nname: deep\nwhere: "


def nested(texts: Sequence[str], rng: Random) -> str:
    """Up to 100,000 levels, written in one line or indented."""
    del texts
    levels = rng.choice([50, 90, 100, 110, 1_000, 10_000, 100_000])
    opened, closed = rng.choice([
        ("{not: ", "}"), ("{all: [", "]}"), ("{any: [", "]}"), ("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""),
        ("{any_element: ", "}"), ("{event: a, where: {all: [", "]}}"), ("!x ", ""), ("[{", "}]"),
    ])  # fmt: skip
    inner = rng.choice(["{everyone: true}", "x", "", "{event: purchase}"])
    text = _HEAD + opened * levels + inner + closed * (levels if rng.random() < 0.8 else rng.randint(0, levels))
    if rng.random() < 0.3:
        levels = min(levels, 2_000)
        text = _HEAD + "".join(f"\n{' ' * depth}not:" for depth in range(1, levels)) + f"\n{' ' * levels}everyone: true"
    return text + "\n"


def aliased(texts: Sequence[str], rng: Random) -> str:
    """Bombs of aliases, cycles, merge keys."""
    width, depth = rng.choice([(2, 10), (2, 30), (10, 9), (100, 3), (1_000, 2)])
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    bomb = "a0: &a0 {everyone: true}\n" + "\n".join(lines) + f"\n{_HEAD}*a{depth - 1}\n"
    merges = "base: &b {kind: segment}\n<<: *b\nname: x\nwhere: {<<: [*b, *b], everyone: true}\n"
    cycle = f"{_HEAD}&a {{not: *a}}\n"
    shared = f"{_HEAD}{{all: [&c {{event: purchase}}, {', '.join(['*c'] * rng.choice([1, 50, 5_000]))}]}}\n"
    unknown = edited(texts, rng).replace(": ", rng.choice([": *x ", ": &x ", ": !!str ", ": !y "]), rng.randint(1, 5))
    return rng.choice([bomb, merges, cycle, shared, unknown])


def huge(texts: Sequence[str], rng: Random) -> str:
    """Scalars, lists, documents and numbers without measure."""
    size = rng.choice([1_000, 100_000, 1_000_000])
    values: list[Callable[[], str]] = [
        lambda: "x" * size, lambda: "9" * size, lambda: "0." + "1" * size, lambda: f"1e{size}", lambda: f"-1e-{size}",
        lambda: '"' + "\\u00e9" * (size // 6) + '"', lambda: "|\n" + "  line\n" * (size // 10),
        lambda: "[" + "a, " * (size // 4) + "a]", lambda: "{" + ", ".join(f"k{n}: 1" for n in range(size // 10)) + "}",
        lambda: "'" + "a.b." * (size // 4) + "c'", lambda: '"' + "(" * (size // 100) + '"', lambda: "12" * size + "d",
        lambda: "[" + "[1, 2], " * (size // 10) + "[3, 4]]", lambda: "0x" + "F" * size,
        lambda: "1:" * (size // 2) + "1",
        lambda: '"' + " + ".join(["a"] * (size // 10)) + '"', lambda: '"' + "." * size + '"',
    ]  # fmt: skip
    value = rng.choice(values)()
    text = rng.choice(texts)
    places = [m.span(1) for m in re.finditer(r":[ \t]+([^\s#][^\n,}\]]*)", text)]
    if not places or rng.random() < 0.2:
        return text + "\n---\n" * rng.choice([1, 1_000, 50_000]) + f"{_HEAD}{value}\n"
    start, end = rng.choice(places)
    return text[:start] + value + text[end:]


KINDS: Mapping[str, Mutation] = {
    "edited": edited, "truncated": truncated, "spliced": spliced, "misspelt": misspelt, "bytes": strange_bytes,
    "restructured": restructured, "nested": nested, "aliased": aliased, "huge": huge,
}  # fmt: skip
"""All kinds of mutation by name."""

PLAIN = [kind for kind in KINDS if kind not in {"nested", "aliased", "huge"}]
"""The kinds whose files stay small."""
