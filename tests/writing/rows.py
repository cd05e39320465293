"""Random conditions on events: which rows, what is measured of them, in which order they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segctl.logic.columns import Properties
from segctl.logic.problem import Problem
from segctl.logic.types import ListOf, Scalar
from tests.writing.pen import COUNTS, THRESHOLDS, Data, Paths, Pen, leaves
from tests.writing.values import Values, nested

NAMES: Sequence[Any] = (
    "purchase", "purchase", "purchase", "refund", "visit", "lead_shop", "odd name é", "nothing",
    ["purchase", "refund"], ["refund", "visit", "nothing"], {"starts_with": "lead_"}, {"starts_with": "zzz"}, "*",
)  # fmt: skip
_NUMBERS = (Scalar.INT, Scalar.FLOAT)
_STEP_NAMES: Sequence[Any] = ("purchase", "purchase", "visit", "visit", "refund", ["purchase", "visit"], "*", "nothing")
_LIMITS = ("0s", "45s", "1h", "12h", "1d", "36h", "7d", "14d")
_MEASURES_OF_ROWS = ("count", "days", "first", "last")
_NUMERIC_TRAITS = ("sum", "average", "min", "max", "median")
_VALUE_TRAITS = ("distinct", "first_value", "last_value", "most_frequent", "unique_list")


class Rows:
    """Writes conditions on events; `active` is what `*` means to the project, None is any event."""

    def __init__(self, pen: Pen, active: Sequence[str] | None) -> None:
        self.pen = pen
        self.active = active
        self.values = Values(pen, ranked=False)

    def event(self) -> Data:
        """How often, how much, when."""
        written, paths = self._of(NAMES)
        measure = self._measure(paths)
        return {**written, **measure, **(self._periods_window(measure) or self.pen.window())}

    def _of(self, names: Sequence[Any], head: str = "event", where: float = 0.5) -> tuple[Data, Paths]:
        """Names and perhaps a condition on the rows, and what else can be read of them."""
        chosen = self.pen.one(names)
        paths = self.properties(chosen)
        written: Data = {head: chosen}
        if paths and self.pen.chance(where):
            written["where"] = self._where(paths, self.pen.one([0, 0, 1, 2]))
        return written, paths

    def properties(self, names: Any) -> Paths:
        """What conditions on these events can read: types that agree, and the catalogue."""
        key = f"{names} {self.active}"
        if key not in self.pen.paths:
            self.pen.paths[key] = self._readable(names)
        return self.pen.paths[key]

    def _readable(self, names: Any) -> Paths:
        known = self.pen.case.schema.events
        found = tuple(name for name in self._meant(names) if name in known)
        columns = Properties(self.pen.case.schema, found)
        candidates = {path for name in found for path, _ in leaves(known[name])}
        candidates |= {("product", field) for field in self.pen.case.schema.catalogs["product"].fields}
        fitting = [(path, columns.column(path)) for path in sorted(candidates)]
        whole = {path: kind for name in found for path, kind in leaves(known[name]) if isinstance(kind, ListOf)}
        return [(path, whole.get(path, column.type)) for path, column in fitting if not isinstance(column, Problem)]

    def _meant(self, names: Any) -> Sequence[str]:
        known = self.pen.case.schema.events
        if isinstance(names, dict):
            return [name for name in known if name.startswith(names["starts_with"])]
        if names == "*":
            return list(known) if self.active is None else self.active
        return [names] if isinstance(names, str) else names

    def _where(self, paths: Paths, depth: int) -> Any:
        if depth > 0:
            return nested(self.pen, lambda: self._row(paths))
        row = self._row(paths)
        return [row, self._row(paths)] if self.pen.chance(0.2) else row

    def _row(self, paths: Paths) -> Data:
        places = [path[:-1] for path, _ in paths if path[-1] == "lat"]
        if places and self.pen.chance(0.15):
            place = self.pen.one(places)
            written = self.pen.path(place)
            if self.pen.chance(0.3):
                written = {"lat": self.pen.path((*place, "lat")), "lon": self.pen.path((*place, "lon"))}
            return {"property": written, **self.values.place()}
        path, kind = self.pen.one(paths)
        return {"property": self.pen.path(path), **self.values.operator(path, kind)}

    # --- measures --------------------------------------------------------------------------------------

    def _measure(self, paths: Paths) -> Data:
        pen = self.pen
        numbers = [path for path, kind in paths if kind in _NUMBERS]
        scalars = [path for path, kind in paths if isinstance(kind, Scalar)]
        keys = ["", "count", "count", "days", "periods", "first", "last"]
        keys += ["sum", "average", "min", "max", "median"] if numbers else []
        keys += ["distinct"] if scalars else []
        match pen.one(keys):
            case "":
                return {}
            case "count" | "days" as key:
                return {key: pen.comparison(COUNTS)}
            case "periods":
                every = pen.one(["1h", "12h", "1d", "1d", "7d", "90min"])
                each: Data = {"each": pen.one([1, 2, 3])} if pen.chance(0.3) else {}
                return {"periods": {"every": every, **each, **pen.comparison([0, 1, 1, 1, 2, 3])}}
            case "first" | "last" as key:
                return {key: pen.instant_test()}
            case "distinct":
                return {"distinct": {"of": pen.path(pen.one(scalars)), **pen.comparison([0, 1, 1, 2, 2, 3])}}
            case key:
                return {key: {"of": pen.path(pen.one(numbers)), **pen.comparison(THRESHOLDS)}}

    def _periods_window(self, measure: Data) -> Data | None:
        """Periods fill a look-back."""
        if "periods" not in measure:
            return None
        unit = measure["periods"]["every"].lstrip("0123456789")
        length = int(measure["periods"]["every"].removesuffix(unit))
        return {"within": f"{length * self.pen.one([1, 3, 10, 30, 60])}{unit}"}

    # --- sequences ---------------------------------------------------------------------------------------

    def sequence(self) -> Data:
        """One to five steps, some of them absent; often absent ones in the middle, of the event that follows."""
        pen = self.pen
        first, _ = self._of(_STEP_NAMES, where=0.3)
        if pen.chance(0.5):
            steps = [first, *self._without(), *(self._step() for _ in range(pen.one([0, 0, 1])))]
        else:
            steps = [first, *(self._step() for _ in range(pen.one([0, 1, 1, 1, 1, 2, 2, 2, 3, 3])))]
        written: Data = {"sequence": steps, **pen.window()}
        if pen.chance(0.3):
            written["complete_within"] = pen.one(_LIMITS[1:])
        return written

    def _without(self) -> Sequence[Data]:
        """One or two `no` steps and the step that they lead to, whose rows they mostly count."""
        pen = self.pen
        following = self._step(absent=False)
        found = []
        for _ in range(pen.one([1, 1, 1, 2])):
            absent = self._step(absent=True)
            if pen.chance(0.7):
                absent["no"] = following["event"]
                absent.pop("where", None)
            found.append(absent)
        return [*found, following]

    def _step(self, *, absent: bool | None = None) -> Data:
        pen = self.pen
        if absent is None:
            absent = pen.chance(0.35)
        step, _ = self._of(_STEP_NAMES, "no" if absent else "event", where=0.3)
        if pen.chance(0.45):
            return step
        if absent:
            return {**step, "after_previous": {"within": pen.one(_LIMITS[1:])}}
        short, long = sorted(pen.rng.sample(range(len(_LIMITS)), 2))
        limits: Sequence[Data] = (
            {"within": pen.one(_LIMITS)},
            {"more_than": pen.one(_LIMITS[:4])},
            {"more_than": _LIMITS[short], "within": _LIMITS[long]},
        )
        return {**step, "after_previous": pen.one(limits)}

    # --- values ------------------------------------------------------------------------------------------

    def trait_value(self) -> Data:
        """A measure of events."""
        pen = self.pen
        written, paths = self._of(NAMES)
        numbers = [path for path, kind in paths if kind in _NUMBERS]
        scalars = [path for path, kind in paths if isinstance(kind, Scalar)]
        keys = [*_MEASURES_OF_ROWS, *(_NUMERIC_TRAITS if numbers else ()), *(_VALUE_TRAITS if scalars else ())]
        key = pen.one(keys)
        measure: Any = True
        if key not in _MEASURES_OF_ROWS:
            measure = {"of": pen.path(pen.one(numbers if key in _NUMERIC_TRAITS else scalars))}
        return {**written, key: measure, **pen.window()}

    def rfm(self, groups: Sequence[str]) -> Data:
        """Users by their scores; money is a number of the rows. A condition where the files left no number."""
        pen = self.pen
        written, paths = self._of(("purchase", "purchase", ["purchase", "refund"]), where=0.3)
        numbers = [path for path, kind in paths if kind in _NUMBERS]
        if not numbers:
            return self.event()
        choice: Data = {"groups": pen.rng.sample(groups, pen.one([1, 2, 3]))}
        if pen.chance(0.6):
            keys = pen.rng.sample(["recency", "frequency", "monetary"], pen.one([1, 1, 2, 3]))
            choice = {"scores": {key: pen.rng.sample(range(4), pen.one([1, 2, 3])) for key in keys}}
        return {"rfm": {**written, "of": pen.path(pen.one(numbers)), **choice, **pen.window()}}
