"""Conditions over a random world, by the engine and by the interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from segctl.load.document import Document, Key
from tests.language import document
from tests.laws.agreement import by_engine, by_interpreter
from tests.strategies import Case


def documents_of(conditions: Sequence[Any]) -> dict[Key, Document]:
    """A segment for each condition."""
    made = [{"kind": "segment", "name": f"s{number}", "where": where} for number, where in enumerate(conditions)]
    return {("segment", str(data["name"])): document(data) for data in made}


def disagreements(case: Case, conditions: Sequence[Any], rng: Random) -> list[tuple[Any, set[str], set[str]]]:
    """Each condition on which they differ: it, who is in by the engine alone, and by the interpreter alone."""
    documents = documents_of(conditions)
    engine, interpreter = by_engine(case, documents, rng), by_interpreter(case, documents)
    return [
        (document.data["where"], set(engine[key] - interpreter[key]), set(interpreter[key] - engine[key]))
        for key, document in documents.items()
        if engine[key] != interpreter[key]
    ]
