from __future__ import annotations

from tests.house.sizes import ROOT, Size, check, faults, measure


def test_the_house_keeps_its_size_budget() -> None:
    assert check(ROOT) == []


def test_a_function_is_measured_without_its_docstring() -> None:
    source = 'def f(a, b, *, c):\n    """One.\n\n    Two.\n    """\n    return a\n'
    assert list(measure("x.py", source)) == [Size("x.py:1 f", 2, 0, 2)]


def test_nesting_counts_blocks_in_blocks_but_not_elif() -> None:
    flat = "def f(a):\n    if a == 1:\n        x\n    elif a == 2:\n        x\n    elif a == 3:\n        x\n"
    deep = (
        "def f(a):\n    for b in a:\n        with b:\n            try:\n                x\n"
        "            except E:\n                if y:\n                    x\n"
    )
    assert [s.nesting for s in measure("x.py", flat)] == [1]
    assert [s.nesting for s in measure("x.py", deep)] == [4]


def test_what_breaks_the_budget_is_named() -> None:
    sizes = [Size("a.py:1 f", 61, 5, 6)]
    assert list(faults(sizes, {"a.py": 401})) == [
        "a.py: 401 lines, at most 400",
        "a.py:1 f: 61 lines, at most 60",
        "a.py:1 f: nested 5 deep, at most 4",
        "a.py:1 f: 6 positional parameters, at most 5",
        "the median of the modules is 401 lines, at most 150",
        "the median of the functions is 61 lines, at most 8",
    ]
