"""Broken definitions by the thousand: never anything but diagnostics, each at a place that exists, and soon.

`SEGCTL_FUZZ=20000 python -m pytest tests/load/test_fuzz.py` runs longer; `python -m benchmarks.fuzz` watches memory.
"""

from __future__ import annotations

import os
import random
import time

import pytest
from jsonschema import Draft7Validator

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import examine
from segctl.load.document import Document, from_json, restore, to_json
from segctl.model.schema import schemas
from segctl.report.diagnostics import as_text
from tests.load.looking import look_at, survey_of
from tests.load.mutations import KINDS, PLAIN, broken, corpus

RUNS = int(os.environ.get("SEGCTL_FUZZ", "1500"))
SEED = int(os.environ.get("SEGCTL_FUZZ_SEED", "20261122"))
TOO_LONG = 2.0
"""Seconds of the processor; what else runs on the machine is not counted."""


def check(raw: bytes, validators: dict[str, Draft7Validator]) -> list[Diagnostic]:
    started = time.process_time()
    survey = survey_of(raw)
    assert not set(survey.drafts) & set(survey.documents)
    _, wrong = examine(survey.documents, survey.drafts, survey.names)
    assert time.process_time() - started < TOO_LONG
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
    try:
        problems = list(validators[document.key[0]].iter_errors(document.data))
    except RecursionError:  # jsonschema calls itself about ten times for each of the hundred levels that we allow
        problems = []
    assert not problems, (document.data, problems[0])
    assert restore(from_json(to_json(document.data))) == document


def test_mutated_definitions_give_diagnostics_and_never_an_exception() -> None:
    chance = random.Random(SEED)  # noqa: S311 reproducible, not secret
    texts = corpus()
    validators = {kind: Draft7Validator(schema) for kind, schema in schemas().items()}
    codes: set[str] = set()
    for run in range(RUNS):
        raw = broken(chance.choice(PLAIN), texts, chance)
        try:
            codes |= {diagnostic.code for diagnostic in check(raw, validators)}
        except InvalidInput:
            raise
        except Exception as error:
            raise AssertionError(f"run {run}: {raw[:2000]!r}") from error
    assert len(codes) > 35


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_and_the_logic_of_mutated_definitions_raise_nothing(kind: str) -> None:
    chance = random.Random(f"{SEED} {kind}")  # noqa: S311 reproducible, not secret
    texts = corpus()
    for run in range(RUNS // (20 if kind in PLAIN else 60)):
        raw = broken(kind, texts, chance)
        started = time.process_time()
        try:
            look_at(raw)
        except Exception as error:
            raise AssertionError(f"run {run}: {raw[:2000]!r}") from error
        assert time.process_time() - started < TOO_LONG
