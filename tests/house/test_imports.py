from __future__ import annotations

import pytest

from tests.house.imports import ROOT, check, check_file


def test_imports_go_one_way() -> None:
    assert [str(wrong) for wrong in check(ROOT)] == []


@pytest.mark.parametrize(
    ("file", "line", "why"),
    [
        ("plan/plan.py", "from segctl.report.plan import text", "`plan` must not import `report`"),
        ("model/values.py", "import segctl.engine", "`model` must not import `engine`"),
        ("graph.py", "def f():\n    from segctl.cli import main", "`graph` must not import `cli`"),
        ("workflow/plan.py", "from segctl import example", "`workflow` must not import `example`"),
        ("example/shop.py", "from segctl.index.update import update", "`example` must not import `index`"),
        ("engine/masks.py", "from .other import x", "write imports of segctl in full"),
        ("cli/main.py", "import numpy as np", "`numpy` is slow to load and `segctl --help` passes here"),
        (
            "cli/main.py",
            "try:\n    from rich import x\nfinally:\n    pass",
            "`rich` is slow to load and `segctl --help`",
        ),
        ("helpers/x.py", "", "`helpers` is not a room of the house: add it to LAYERS"),
    ],
)
def test_a_wrong_import_is_found(file: str, line: str, why: str) -> None:
    [wrong] = check_file(file, line)
    assert wrong.why.startswith(why)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("report/plan.py", "from segctl.plan.plan import Plan"),
        ("engine/masks.py", "import numpy as np"),
        ("cli/init.py", "from segctl.example import write"),
        ("cli/main.py", "def f():\n    import rich"),
        ("cli/main.py", "if TYPE_CHECKING:\n    import rich"),
    ],
)
def test_a_right_import_passes(file: str, line: str) -> None:
    assert list(check_file(file, line)) == []
