from __future__ import annotations

import json
from decimal import Decimal

import pytest

from segctl.report.json import dumps


def test_json_is_indented_and_keeps_written_digits() -> None:
    assert dumps({"a": [1, Decimal("0.10"), "é"], "b": {}, "c": [], "d": {"e": None, "f": True}}) == (
        '{\n  "a": [\n    1,\n    0.10,\n    "é"\n  ],\n  "b": {},\n  "c": [],\n'
        '  "d": {\n    "e": null,\n    "f": true\n  }\n}\n'
    )


def test_it_is_read_back_by_any_reader() -> None:
    data = {"x": [{"y": (1, 2)}, [[]], 'quotes " and \\ and \n']}
    assert json.loads(dumps(data)) == json.loads(json.dumps(data))


def test_what_is_not_plain_data_is_no_json() -> None:
    with pytest.raises(TypeError):
        dumps({"x": object()})
