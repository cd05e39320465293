"""E-mails at the edges of an engagement level: the share exactly and one answer less, the look-back, the last day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from segctl.edges.cells import Cells, spot
from segctl.edges.chains import Rowed
from segctl.edges.making import Fill
from segctl.edges.stage import Stage
from segctl.logic import times
from segctl.logic.bound import Column, EngagementTest, Exactly, Rows
from segctl.logic.interpret import Row
from segctl.logic.types import Scalar

_MOST = 100
_MINUTE_US = 60 * times.SECOND_US


@dataclass(frozen=True)
class Letters:
    """Makes the rows of one level."""

    stage: Stage
    level: EngagementTest
    fill: Fill

    def all(self) -> Iterator[Rowed]:
        """The rows at every edge."""
        yield "no e-mails", ()
        for number, answered in self._counts():
            rows = self._sent(number, answered)
            if rows:
                yield f"{answered} of {number} e-mails answered", rows
        yield from self._edges()

    def _counts(self) -> list[tuple[int, int]]:
        """How many e-mails, and how many of them answered: each share that is asked for, and one answer less."""
        test = self.level.test or Exactly()
        found: dict[tuple[int, int], None] = {}
        for limit in (test.low, test.high):
            share = Fraction(0) if limit is None else limit
            if 0 <= share <= 1 and share.denominator <= _MOST:
                number = max(share.denominator, 2)
                answered = int(share * number)
                found |= {(number, answered): None, (number, max(answered - 1, 0)): None}
        return [*found, (2, 2)] if (2, 2) not in found else list(found)

    def _edges(self) -> Iterator[Rowed]:
        """One e-mail, which is answered, at the edges of the time in which it counts; and the answer at its own."""
        end = times.monday(self.stage.as_of_us, self.level.end)
        start = end - self.level.lookback_us
        for words, sent, answered in (
            ("sent at the first microsecond", start, end - 1), ("sent a microsecond too early", start - 1, end - 1),
            ("sent exactly 24 hours before", end - times.DAY_US, end - 1),
            ("sent a microsecond later than 24 hours before", end - times.DAY_US + 1, end - 1),
            ("answered at the last microsecond", end - 2 * times.DAY_US, end - 1),
            ("answered a microsecond too late", end - 2 * times.DAY_US, end),
        ):  # fmt: skip
            rows = [self._row(self.level.sent, sent, 0, self.level.sent_id)]
            rows += [self._row(self.level.responses, answered, 0, self.level.response_id)]
            made = tuple(row for row in rows if row is not None)
            if len(made) == len(rows):
                yield words, made

    def _sent(self, number: int, answered: int) -> tuple[Row, ...]:
        """So many e-mails two days before the level is computed; none if they cannot be made."""
        start = times.monday(self.stage.as_of_us, self.level.end) - 2 * times.DAY_US - number * _MINUTE_US
        sent = [self._row(self.level.sent, start + n * _MINUTE_US, n, self.level.sent_id) for n in range(number)]
        responses = [
            self._row(self.level.responses, start + n * _MINUTE_US + _MINUTE_US // 2, n, self.level.response_id)
            for n in range(answered)
        ]
        rows = [*sent, *responses]
        return tuple(row for row in rows if row is not None) if None not in rows else ()

    def _row(self, rows: Rows, at: int, number: int, ident: Column | None) -> Row | None:
        given: Cells = {} if ident is None else {spot(ident): _ident(ident, number)}
        filled = next(self.fill(rows.where, given), None)
        if filled is None:
            return None
        found = (self.stage.row(name, at, filled) for name in rows.names)
        return next((row for row in found if row is not None), None)


def _ident(column: Column, number: int) -> object:
    return number + 1 if column.type in {Scalar.INT, Scalar.FLOAT} else f"m{number + 1}"
