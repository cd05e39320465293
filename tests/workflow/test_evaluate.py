from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from segctl.diagnostics import InvalidInput
from segctl.index.column import Bits
from segctl.load.document import Document, Key
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Library, Target, evaluate
from tests.language import document
from tests.laws.shop import AS_OF, DAY, opened, us


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Ann bought, Bob did not; two lists of one name in two files."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "new.csv").write_text("id\nann\n")
    (folder / "old.csv").write_text("id\nbob\neve\n")
    buys = [{"user": "ann", "event": "buy", "time": us(AS_OF) - DAY}]
    return opened(folder, [{"id": "ann"}, {"id": "bob"}], [buys]).data


def documents(*written: Mapping[str, Any]) -> dict[Key, Document]:
    return {(data["kind"], data["name"]): document(data) for data in written}


EITHER = {"any": [{"list": "testers"}, {"extension": "buyers"}]}


def library(path: str, given: Mapping[Key, Bits] | None = None, where: Any = None) -> Library:
    return Library(
        documents(
            {"kind": "list", "name": "testers", "path": path, "id": "id"},
            {"kind": "extension", "name": "buyers", "from": {"event": "buy"}},
            {"kind": "segment", "name": "both", "where": where or EITHER},
        ),
        given or {},
    )  # fmt: skip


def names(data: Data, bits: Bits) -> set[str]:
    return {one for one, member in zip(data.population.ids.to_pylist(), bits.tolist(), strict=True) if member}


def test_libraries_keep_their_lists_and_extensions_apart(data: Data) -> None:
    nobody = np.zeros(2, dtype=np.bool_)
    new, old = library("new.csv"), library("old.csv", {("extension", "buyers"): nobody})
    wanted = {
        "new": Target(new, ("segment", "both")),
        "old": Target(old, ("segment", "both")),
        "old list": Target(old, ("list", "testers")),
        "old extension itself": Target(old, ("extension", "buyers")),
    }
    found = evaluate(data, wanted, Silent())
    assert {label: names(data, bits) for label, bits in found.memberships.items()} == {
        "new": {"ann"},
        "old": {"bob"},
        "old list": {"bob"},
        "old extension itself": {"ann"},
    }
    assert found.unknown == {("list", "testers"): 1}


def test_everything_that_does_not_fit_the_data_is_told_at_once(data: Data) -> None:
    wrong = {"all": [{"attribute": "cuontry", "is": "FR"}, {"attribute": "id", "at_least": 3}, {"event": "bought"}]}
    with pytest.raises(InvalidInput) as raised:
        evaluate(data, {"it": Target(library("new.csv", where=wrong), ("segment", "both"))}, Silent())
    assert sorted(found.code for found in raised.value.diagnostics) == [
        "operator-type", "unknown-attribute", "unknown-event",
    ]  # fmt: skip


def test_an_event_that_nobody_did_is_a_warning(data: Data) -> None:
    unheard = library("new.csv", where={"event": "bought"})
    found = evaluate(data, {"it": Target(unheard, ("segment", "both"))}, Silent())
    assert not found.memberships["it"].any()
    assert [warning.code for warning in found.warnings] == ["unknown-event"]


def test_lists_that_cannot_be_read_are_told(data: Data) -> None:
    with pytest.raises(InvalidInput) as raised:
        evaluate(data, {"it": Target(library("none.csv"), ("segment", "both"))}, Silent())
    assert [found.code for found in raised.value.diagnostics] == ["missing-file"]
