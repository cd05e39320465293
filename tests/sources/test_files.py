from __future__ import annotations

from pathlib import Path

import pytest

from segctl.sources.files import digest, find, stat
from segctl.sources.problems import Problems, Trouble, Wrong, name_files, shorten


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop [1]"
    for name in ("data/b.csv", "data/a.csv", "data/deep/c.csv", "data/.hidden.csv", "data/d.parquet", "data/e[1].csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (tmp_path / "beside.csv").write_text("x")
    return root


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("data/*.csv", ["data/a.csv", "data/b.csv", "data/e[1].csv"]),
        ("data/**/*.csv", ["data/a.csv", "data/b.csv", "data/deep/c.csv", "data/e[1].csv"]),
        ("data/[ab].csv", ["data/a.csv", "data/b.csv"]),
        ("data/?.parquet", ["data/d.parquet"]),
        ("data/e[1].csv", ["data/e[1].csv"]),
        ("./data/a.csv", ["data/a.csv"]),
        ("../beside.csv", ["../beside.csv"]),
        ("../*.csv", ["../beside.csv"]),
        ("data/*", ["data/a.csv", "data/b.csv", "data/d.parquet", "data/e[1].csv"]),
    ],
)
def test_files_are_found_sorted(pattern: str, names: list[str], folder: Path) -> None:
    problems = Problems()
    assert [file.name for file in find(folder, pattern, (), problems)] == names
    assert not problems


def test_absolute_paths(folder: Path) -> None:
    problems = Problems()
    assert len(find(folder.parent, str(folder.parent / "*.csv"), (), problems)) == 1
    assert len(find(folder.parent, str(folder.parent / "beside.csv"), (), problems)) == 1


def test_a_file_is_known_by_name_size_and_time(folder: Path) -> None:
    (file,) = find(folder, "data/a.csv", (), Problems())
    before = digest(file)
    assert stat(file) == file
    file.path.write_text("other")
    changed = stat(file)
    assert changed is not None
    assert changed.identity != file.identity
    assert digest(changed) != before
    file.path.unlink()
    assert stat(file) is None


def test_examples_are_the_first_ones_whatever_was_found_first() -> None:
    trouble = Trouble("bad", "{column} is bad in {rows}", "mend {column}")
    wrong = [
        Wrong.of("b", [5], lambda row: f"b{row}"),
        Wrong.of("a", list(range(1000, 2500)), lambda row: f"a{row}"),
        Wrong.of("a", [1, 2], lambda row: f"a{row}"),
    ]
    found = []
    for order in (wrong, wrong[::-1]):
        problems = Problems()
        for one in order:
            problems.rows(trouble, ("users",), "x", one)
        found.append(problems.diagnostics())
    assert found[0] == found[1]
    (diagnostic,) = found[0]
    assert diagnostic.summary == "`x` is bad in 1,503 rows of a and b"
    assert diagnostic.detail == "a row 2: `a1`, a row 3: `a2`, a row 1001: `a1000`"
    assert diagnostic.hint == "mend x"


def test_words() -> None:
    assert name_files(["b", "a"]) == "a and b"
    assert name_files(["c", "b", "a"]) == "a, b and c"
    assert name_files([f"{n}" for n in range(5)]) == "5 files (0, 1, 2, …)"
    assert shorten("a\n  b") == "a b"
    assert shorten("") == "''"
    assert shorten("x" * 100) == "x" * 60 + "…"
