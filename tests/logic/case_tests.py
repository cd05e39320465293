"""A file of cases as the definitions' own tests, where their data can be given without saying types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from segctl.diagnostics import Severity
from segctl.graph import build
from segctl.load.document import Document
from segctl.logic.given import setting
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf, Schema, Struct, Type
from segctl.workflow.definition_tests import TestResult, run_test
from tests.logic.case_answers import Answers
from tests.logic.case_file import Case
from tests.logic.written import document


def results(answers: Answers) -> Iterator[TestResult]:
    """A test for every as_of, with all its cases; nothing where the values show other types than those declared."""
    for number, cases in enumerate(_at_once(answers).values()):
        test = _test(answers, f"test_{number}", cases)
        if test is not None:
            definitions = answers.definitions
            everything = replace(definitions, documents={**definitions.documents, test.key: test})
            yield run_test(test, everything, build(everything))


def _at_once(answers: Answers) -> Mapping[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in answers.file.cases.values():
        if case.written.expect is not None:
            found.setdefault(case.as_of, []).append(case)
    return found


def _test(answers: Answers, name: str, cases: list[Case]) -> Document | None:
    given = answers.file.contents.given
    ids = [str(row["id"]) for row in given.users]
    expected = {case.key[1]: _expected([str(one) for one in case.written.expect or []], ids) for case in cases}
    rows = {key: getattr(given, key) for key in given.model_fields_set}
    data = {"kind": "test", "name": name, "as_of": cases[0].as_of, "given": rows, "expect": expected}
    try:
        test = document(data)
    except ValidationError:
        return None
    found = setting(test, answers.given.project())
    wrong = any(diagnostic.severity is Severity.ERROR for diagnostic in found.diagnostics)
    return None if wrong or not _same(answers.given.schema(), found.schema) else test


def _expected(members: list[str], ids: list[str]) -> dict[str, Any]:
    return {"in": members, "out": [one for one in ids if one not in members]}


def _same(declared: Schema, shown: Schema) -> bool:
    pairs = [(declared.users, shown.users)]
    pairs += [(types, shown.events.get(name, {})) for name, types in declared.events.items()]
    pairs += [(one.fields, shown.catalogs[name].fields) for name, one in declared.catalogs.items()]
    return all(_fits(Struct(one), Struct(other)) for one, other in pairs)


def _fits(declared: Type, shown: Type) -> bool:
    """Whether the values show the declared type, or none."""
    if isinstance(declared, Struct) and isinstance(shown, Struct):
        return all(_fits(kind, shown.fields.get(name, NOTHING)) for name, kind in declared.fields.items())
    if isinstance(declared, ListOf) and isinstance(shown, ListOf):
        return _fits(declared.element, shown.element)
    return shown in (declared, NOTHING, NO_ELEMENTS)
