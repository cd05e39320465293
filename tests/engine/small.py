"""A few users with some attributes, and who of them passes a condition: by the engine and by the interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from segctl.logic.interpret import Row, User, World
from segctl.logic.times import written_us
from segctl.logic.types import Schema, Type
from tests.engine.comparing import documents_of
from tests.laws.agreement import by_engine, by_interpreter
from tests.strategies import Case

ZONE = "Europe/Paris"
EVENT = "e"


def users_with(types: Mapping[str, Type], rows: Sequence[Mapping[str, Any]], as_of: str = "2026-06-15 12:00") -> Case:
    """Users `0`, `1`, ... with these attributes, who each did `e` once with the same as properties."""
    instant = written_us(as_of, ZONE)
    users = [User(str(n), row, [Row(EVENT, instant - 1, row)]) for n, row in enumerate(rows)]
    return Case(Schema(ZONE, types, {EVENT: types}), users, [], World(instant), {}, {})


def who(case: Case, *conditions: Any) -> list[list[int]]:
    """For each condition the numbers of the users who pass, on which both agree; on users and on rows."""
    on_rows = [{"event": EVENT, "where": _of_row(condition)} for condition in conditions]
    documents = documents_of([*conditions, *on_rows])
    engine, interpreter = by_engine(case, documents, Random(7)), by_interpreter(case, documents)  # noqa: S311
    assert engine == interpreter
    found = [sorted(map(int, ids)) for ids in interpreter.values()]
    assert found[: len(conditions)] == found[len(conditions) :]
    return found[: len(conditions)]


def _of_row(condition: Any) -> Any:
    """The same condition on a property."""
    if isinstance(condition, Mapping):
        if "attribute" in condition:
            return {"property" if key == "attribute" else key: value for key, value in condition.items()}
        return {key: _of_row(value) for key, value in condition.items()}
    return [_of_row(one) for one in condition] if isinstance(condition, list) else condition
