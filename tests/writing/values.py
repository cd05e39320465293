"""Random operators on one value, by its type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from segctl.logic.types import ListOf, Scalar, Struct, Type
from tests.strategies import LATITUDES, LONGITUDES, VERSIONS
from tests.writing.pen import COUNTS, DURATIONS, WHOLE_DAYS, Data, Path, Paths, Pen, date_text, leaves

PARTS = ("", "F", "f", "r", "red", "R", "Σ", "ς", "i", "shoe", "ß")
PATTERNS = (
    "^F", "R$", "^$", "[A-Z]{2}", "(?i)red", "r.d", "Σ+", "\\p{Lu}", "\\bshoe\\b", "^.{2,3}$", "\\d", "i", "é|ü",
    "F|B|N", "[^a-z]", "(FR|BE)?$", "\\s", "a{0}", "x*", ".+",
)  # fmt: skip
_RANGES = ("more_than", "at_least", "less_than", "at_most", "between")
_RANKED = (Scalar.INT, Scalar.FLOAT, Scalar.DATE, Scalar.TIME)
_POLYGONS: tuple[list[list[Any]], ...] = (
    [[2.2, 48.8], [2.5, 48.8], [2.5, 48.9], [2.2, 48.9]],
    [[0, 0], [0, 12.25], [12.25, 12.25], [0, 0]],
    [[-180, -90], [0, -90], [0, 90], [-180, 90]],
    [[2.3522, 48.8566], [180, 0], [2.5, -23.5]],
    [[0, 0], [10, 0], [10, 10], [5, 5], [0, 10]],
)
_HOLES: tuple[list[list[Any]], ...] = (
    [[2.3, 48.84], [2.4, 48.84], [2.4, 48.87], [2.3, 48.87]],
    [[2.3522, 48.8], [2.5, 48.85], [2.2, 48.9]],
    [[1, 2], [3, 2], [2, 12.25]],
)
_RADII = ("1m", "500m", "5km", "16.5km", "3mi", "1000km", "20000km")


class Values:
    """Writes operators; `ranked` where ranks over the population may be asked for, `inside` on parts of elements."""

    def __init__(self, pen: Pen, *, ranked: bool, inside: bool = False) -> None:
        self.pen = pen
        self.ranked = ranked
        self.inside = inside

    def operator(self, path: Path, kind: Type) -> Data:
        """One operator that fits the type, with its flags."""
        written = self._test(path, kind)
        if self.pen.chance(0.15):
            written["or_missing"] = True
        return written

    def place(self) -> Data:
        """A circle or a polygon."""
        pen = self.pen
        if pen.chance(0.5):
            lat, lon = (_exact(pen.one([n for n in pool if abs(n) <= most])) for pool, most in _ON_EARTH)
            written: Data = {"near": {"lat": lat, "lon": lon, "radius": pen.one(_RADII)}}
        else:
            written = {"inside": {"polygon": _points(pen.one(_POLYGONS))}}
            if pen.chance(0.4):
                written["inside"]["holes"] = [_points(hole) for hole in pen.rng.sample(_HOLES, pen.one([1, 1, 2]))]
        return {**written, "or_missing": True} if pen.chance(0.15) else written

    def _test(self, path: Path, kind: Type) -> Data:
        pen = self.pen
        if pen.chance(0.12) or not isinstance(kind, Scalar | ListOf):
            return {pen.one(["exists", "blank"]): pen.chance(0.5)}
        if isinstance(kind, ListOf):
            return self._list_test(path, kind)
        if self.ranked and kind in _RANKED and pen.chance(0.12):
            return {pen.one(["top", "bottom"]): pen.one(["5%", "50%", "33.3%", "100%", 1, 2, 5, 1000])}
        if kind is Scalar.STRING and pen.chance(0.6 if _holds_versions(path) else 0.03):
            return {"version": self._version()}
        return self._plain_test(path, kind)

    def _plain_test(self, path: Path, kind: Scalar) -> Data:
        """Equality, or what only this type has."""
        pen = self.pen
        if pen.chance(0.4) or kind is Scalar.BOOL:
            return self._cased(kind, self._equality(path, kind))
        if kind is Scalar.STRING:
            return self._cased(kind, self._text())
        if kind in (Scalar.DATE, Scalar.TIME) and pen.chance(0.7):
            return self._moment(kind)
        return self._range(path, kind)

    def _cased(self, kind: Scalar, written: Data) -> Data:
        return {**written, "ignore_case": True} if kind is Scalar.STRING and self.pen.chance(0.3) else written

    def _equality(self, path: Path, kind: Scalar) -> Data:
        key = self.pen.one(["is", "is_not", "in", "not_in"])
        if key in {"is", "is_not"}:
            return {key: self._value(path, kind)}
        return {key: [self._value(path, kind) for _ in range(self.pen.one([1, 2, 3]))]}

    def _value(self, path: Path, kind: Scalar) -> Any:
        return self.pen.one(VERSIONS) if _holds_versions(path) else self.pen.literal(path, kind)

    def _text(self) -> Data:
        keys = ["contains", "not_contains", "starts_with", "ends_with"]
        key = self.pen.one([*keys, "matches", "not_matches"])
        pool = PATTERNS if key.endswith("matches") else PARTS
        parts = self.pen.rng.sample(pool, self.pen.one([1, 1, 2]))
        return {key: parts[0] if len(parts) == 1 and self.pen.chance(0.7) else parts}

    def _range(self, path: Path, kind: Scalar) -> Data:
        key = self.pen.one(_RANGES)
        if key != "between":
            return {key: self.pen.literal(path, kind)}
        if kind in {Scalar.DATE, Scalar.TIME}:
            return {key: self.pen.written_pair(dates_only=kind is Scalar.DATE)}
        return {key: sorted([self.pen.literal(path, kind), self.pen.literal(path, kind)])}

    def _moment(self, kind: Scalar) -> Data:
        pen = self.pen
        keys = ["before", "after", "on", "within_last", "older_than", "within_next", "later_than"]
        key = pen.one([*keys, "anniversary", "anniversary"])
        if key == "anniversary":
            return {key: pen.anniversary()}
        if key == "on":
            return {key: date_text(pen.day())}
        if key in {"before", "after"}:
            return {key: pen.literal((), kind)}
        return {key: pen.one(WHOLE_DAYS if kind is Scalar.DATE else DURATIONS)}

    def _version(self) -> Data:
        known = [text for text in VERSIONS if _is_version(text)]
        key = self.pen.one(["is", "is_not", "exactly", "at_least", "at_most", "more_than", "less_than", "between"])
        if key != "between":
            return {key: self.pen.one(known)}
        low, high = sorted(self.pen.rng.sample(range(len(_IN_ORDER)), 2))
        return {key: [_IN_ORDER[low], _IN_ORDER[high]]}

    # --- lists -------------------------------------------------------------------------------------------

    def _list_test(self, path: Path, kind: ListOf) -> Data:
        pen = self.pen
        if pen.chance(0.2):
            return {"length": pen.comparison(COUNTS)}
        element: Any = kind.element
        if isinstance(element, Struct):
            return {"any_element": self._struct_condition(list(leaves(element.fields)), pen.one([0, 1, 1, 2]))}
        if not self.inside and pen.chance(0.35):
            return {"any_element": self._element_condition(path, element, pen.one([0, 0, 1, 2]))}
        key = pen.one(["includes_any", "includes_all", "includes_none"])
        return self._cased(element, {key: [pen.literal(path, element) for _ in range(pen.one([1, 1, 2, 3]))]})

    def _element_condition(self, path: Path, element: Scalar, depth: int) -> Data:
        if depth > 0 and self.pen.chance(0.7):
            return nested(self.pen, lambda: self._element_condition(path, element, depth - 1))
        return Values(self.pen, ranked=False, inside=True).operator(path, element)

    def _struct_condition(self, fields: Paths, depth: int) -> Data:
        if depth > 0 and self.pen.chance(0.8):
            return nested(self.pen, lambda: self._struct_condition(fields, depth - 1))
        path, kind = self.pen.one(fields)
        inner = Values(self.pen, ranked=False, inside=True)
        head = self.pen.one(["attribute", "property"])
        if path[-1] in {"lat", "lon"} and self.pen.chance(0.5):
            whole = {head: self.pen.path(path[:-1])} if len(path) > 1 else {}
            return {**whole, **inner.place()}
        return {head: self.pen.path(path), **inner.operator(path, kind)}


def nested(pen: Pen, inner: Callable[[], Data]) -> Data:
    """`all`, `any` or `not` of some conditions."""
    match pen.one(["all", "any", "any", "not"]):
        case "not":
            return {"not": inner()}
        case key:
            return {key: [inner() for _ in range(pen.one([1, 2, 2, 3]))]}


def _holds_versions(path: Path) -> bool:
    return bool(path) and path[-1].endswith("version")


def _exact(number: float) -> int | Decimal:
    return int(number) if number == int(number) else Decimal(repr(number))


def _points(ring: list[list[Any]]) -> list[list[Any]]:
    return [[_exact(number) for number in point] for point in ring]


def _is_version(text: str) -> bool:
    return text not in {"", "latest", "1.", "v", "1.2 ", "1.2-"}


_ON_EARTH = ((LATITUDES, 90), (LONGITUDES, 180))
_IN_ORDER = ("0", "1.2", "1.9.9", "1.10", "2.0.0-beta", "2.0.0-beta.2", "2.0.0-beta.11", "2.0.0-rc.1", "v2", "3")
