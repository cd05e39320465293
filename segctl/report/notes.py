"""What a command says beside its result: warnings, and what of the data was not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segctl.index.reader import DataReport
from segctl.load.document import Key
from segctl.plan.plan import Allowance
from segctl.report.text import count, plural


def left_out(report: DataReport | None, unseen: int, unknown: Mapping[Key, int]) -> str:
    """What was left out of the evaluation, one line each; nothing for nothing."""
    lines = [*_rows(report), *_unseen(unseen), *_unknown(unknown)]
    return "".join(f"note: {line}\n" for line in lines)


def _rows(report: DataReport | None) -> Iterator[str]:
    for name, table in sorted(report.tables.items() if report else ()):
        rows = f"of {plural(table.rows, 'row')}"
        if table.without_user:
            yield f"{name}: {count(table.without_user)} {rows} have no user id and are left out"
        if table.outside:
            yield f"{name}: {count(table.outside)} {rows} are of users outside the population and are left out"


def _unseen(unseen: int) -> Iterator[str]:
    if unseen:
        yield f"{plural(unseen, 'event')} at or after as_of {'is' if unseen == 1 else 'are'} not seen"


def _unknown(unknown: Mapping[Key, int]) -> Iterator[str]:
    for key, ids in sorted(unknown.items()):
        if ids:
            yield f"{' '.join(key)}: {plural(ids, 'id')} not in the population"


def idle(allowances: Iterable[Allowance]) -> str:
    """Flags that let nothing pass, one line each: what they were meant for is not there, or cannot be let pass."""
    return "".join(f"note: `--allow {allowance}` had no effect\n" for allowance in allowances)


def read(report: DataReport | None) -> str:
    """How many rows each table has, for `-v`."""
    tables = sorted(report.tables.items() if report else ())
    return "".join(f"read {name}: {plural(table.rows, 'row')}\n" for name, table in tables)
