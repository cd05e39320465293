"""Broken definitions by the thousand: never anything but diagnostics, each at a place that exists, and soon.

`SEGCTL_FUZZ=20000 python -m pytest tests/load/test_fuzz.py` runs longer.
"""

from __future__ import annotations

import copy
import os
import random
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import examine
from segctl.load.document import Document, from_json, restore, to_json
from segctl.load.files import Source
from segctl.load.node import node_of, walk
from segctl.load.parse import parse
from segctl.load.project import _Reader
from segctl.model.schema import schemas
from segctl.report.diagnostics import as_text

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "bad_definitions"
RUNS = int(os.environ.get("SEGCTL_FUZZ", "1500"))
SEED = int(os.environ.get("SEGCTL_FUZZ_SEED", "20261122"))
TOO_LONG = 2.0

PIECES = [
    "null", "~", "[]", "{}", "[[]]", "{a: b}", "true", "yes", "0", "-1", "1.5", "1e400", ".nan", "99999999999999999999",
    '""', "'x", '"\\x"', "*a", "&a ", "!!int x", "!x", "<<: *a", "? ", ": ", "- ", "\n", "\t", "  ", "---\n", "...\n",
    "%YAML 1.2\n", "#", ",", "{", "}", "[", "]", "|", ">-", "2026-02-30", "30d", "[7d, 30d]", "30", "all", "any", "not",
    "attribute", "event", "segment", "list", "property", "is", "in", "between", "count", "sum", "of", "kind: test\n",
    "sequence: []", "median: 1", "everyone: false", "\ufeff", "\u2028", "\x85", "\x00", "é", "\U0001f600", "\r",
    "a" * 5000,
]  # fmt: skip


def corpus() -> list[str]:
    files = [*(ROOT / "segments").rglob("*.yaml"), *CASES.glob("*/segments/*.yaml")]
    return [path.read_bytes().decode("utf-8", "replace") for path in sorted(files) if path.is_file()]


def mutated(texts: list[str], chance: random.Random) -> str:
    text = chance.choice(texts)
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([0, 1, 2, 5, 20, 100]))
        other = chance.choice(texts)
        cut = chance.randint(0, len(other))
        values = [m.span(1) for m in re.finditer(r":[ \t]+([^\s#][^\n,}\]]*)", text)] or [(start, end)]
        value = chance.choice(values)
        piece = chance.choice(PIECES)
        text = chance.choice([
            text[:start],
            text[:start] + text[end:],
            text[:start] + text[start:end] * 3 + text[end:],
            text[:start] + piece + text[end:],
            text[: value[0]] + piece + text[value[1] :],
            text[: value[0]] + other[cut : cut + 40] + text[value[1] :],
            text[:start] + other[cut:],
        ])  # fmt: skip
    return text


VALUES: list[Any] = [
    None, True, False, 0, -1, 2**63 - 1, Decimal("0.5"), "", "a", "purchase", "30d", "0d", "2026-01-31", "2026-13-01",
    "50%", [], {}, ["a"], [1, 2], ["2026-01-31", "2026-01-01"], ["7d", "30d"], {"a": 1}, {"everyone": True},
    {"attribute": "x", "is": 1}, {"property": "x", "is": 1}, {"event": "x"}, {"at_least": 2}, {"of": "x"},
    {"segment": "a", "list": "b"}, {"sequence": []}, {"not": {"all": []}}, [[{"all": [[]]}]],
]  # fmt: skip


def restructured(texts: list[str], chance: random.Random) -> str:
    """Documents whose YAML is fine and whose values, keys and places have been swapped."""
    nodes = [node for text in [chance.choice(texts)] for node in parse(text, "f").documents]
    documents = [from_json(to_json(node.data)) for node in nodes]
    for document in documents:
        for _ in range(chance.randint(1, 3)):
            places = [path for path, _ in walk(node_of(document)) if path]
            if places:
                swap(document, chance.choice(places), chance)
    return "\n---\n".join(to_json(document) for document in documents)


def swap(document: Any, path: tuple[str | int, ...], chance: random.Random) -> None:
    """Replace, remove, rename or repeat what stands at the path."""
    parent = document
    for part in path[:-1]:
        parent = parent[part]
    last = path[-1]
    choice = chance.randrange(4)
    if choice == 0:
        del parent[last]
    elif choice == 1 and isinstance(parent, dict):
        parent[chance.choice(PIECES).strip() or "x"] = parent.pop(last)
    elif choice == 2 and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[int(last)]))
    else:
        parent[last] = copy.deepcopy(chance.choice(VALUES))


def check(raw: bytes, validators: dict[str, Draft7Validator]) -> list[Diagnostic]:
    started = time.monotonic()
    reader = _Reader(project_file="segctl.yaml")
    reader.read(Source(Path("a.yaml"), "a.yaml", raw))
    survey = reader.survey(Path())
    assert not set(survey.drafts) & set(survey.documents)
    _, wrong = examine(survey.documents, survey.drafts, survey.names)
    assert time.monotonic() - started < TOO_LONG
    found = [*survey.diagnostics, *wrong]
    assert as_text(found)
    lines = raw.decode("utf-8", "replace").splitlines()
    for diagnostic in found:
        assert diagnostic.span
        assert diagnostic.span.line <= len(lines) + 1
        assert "\n" not in diagnostic.summary
        assert len(diagnostic.summary) < 400
    for document in survey.documents.values():
        check_accepted(document, validators)
    return found


def check_accepted(document: Document, validators: dict[str, Draft7Validator]) -> None:
    """What is accepted is accepted by the schema too, and survives the state."""
    problems = list(validators[document.key[0]].iter_errors(document.data))
    assert not problems, (document.data, problems[0])
    assert restore(from_json(to_json(document.data))) == document


def test_mutated_definitions_give_diagnostics_and_never_an_exception() -> None:
    chance = random.Random(SEED)  # noqa: S311 reproducible, not secret
    texts = corpus()
    validators = {kind: Draft7Validator(schema) for kind, schema in schemas().items()}
    codes: set[str] = set()
    for run in range(RUNS):
        change = restructured if run % 3 == 0 else mutated
        raw = change(texts, chance).encode("utf-8", "surrogatepass")
        if chance.random() < 0.05:
            at = chance.randint(0, len(raw))
            raw = raw[:at] + chance.randbytes(chance.randint(1, 8)) + raw[at:]
        try:
            codes |= {diagnostic.code for diagnostic in check(raw, validators)}
        except InvalidInput:
            raise
        except Exception as error:
            raise AssertionError(f"run {run}: {raw!r}") from error
    assert len(codes) > 40


def test_random_bytes_give_diagnostics() -> None:
    chance = random.Random(7)  # noqa: S311 reproducible, not secret
    for _ in range(200):
        assert check(chance.randbytes(chance.randint(1, 400)), {})
