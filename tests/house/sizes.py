"""The size budget of the package. Run: `python -m tests.house.sizes`."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE_CAP = 400
MODULE_MEDIAN = 150
FUNCTION_CAP = 60
FUNCTION_MEDIAN = 8
NESTING_CAP = 4
POSITIONAL_CAP = 5

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Nesting = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match


@dataclass(frozen=True)
class Size:
    """How large one function is; `lines` without its docstring."""

    place: str
    lines: int
    nesting: int
    positional: int


def measure(file: str, source: str) -> Iterator[Size]:
    """The size of every function of a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            positional = len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}])
            yield Size(f"{file}:{node.lineno} {node.name}", lines, nesting(node.body), positional)


def _docstring_lines(node: _Function) -> int:
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def nesting(body: list[ast.stmt]) -> int:
    """How deep blocks lie in blocks; `elif` is no deeper than its `if`."""
    return max((_depth(statement) for statement in body), default=0)


def _depth(statement: ast.stmt) -> int:
    if not isinstance(statement, _Nesting):
        return 0
    inner: list[ast.stmt] = []
    level = 0
    for name in ("body", "finalbody"):
        inner += getattr(statement, name, [])
    for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
        inner += part.body
    orelse: list[ast.stmt] = getattr(statement, "orelse", [])
    if isinstance(statement, ast.If) and len(orelse) == 1 and isinstance(orelse[0], ast.If):
        level = _depth(orelse[0])
    else:
        inner += orelse
    return max(1 + nesting(inner), level)


def faults(sizes: list[Size], modules: dict[str, int]) -> Iterator[str]:
    """What breaks the budget, one line each."""
    for file, lines in modules.items():
        if lines > MODULE_CAP:
            yield f"{file}: {lines} lines, at most {MODULE_CAP}"
    for size in sizes:
        if size.lines > FUNCTION_CAP:
            yield f"{size.place}: {size.lines} lines, at most {FUNCTION_CAP}"
        if size.nesting > NESTING_CAP:
            yield f"{size.place}: nested {size.nesting} deep, at most {NESTING_CAP}"
        if size.positional > POSITIONAL_CAP:
            yield f"{size.place}: {size.positional} positional parameters, at most {POSITIONAL_CAP}"
    for what, values, most in (
        ("modules", list(modules.values()), MODULE_MEDIAN),
        ("functions", [s.lines for s in sizes], FUNCTION_MEDIAN),
    ):
        if values and statistics.median(values) > most:
            yield f"the median of the {what} is {statistics.median(values):g} lines, at most {most}"


def check(root: Path) -> list[str]:
    """What breaks the budget in the package below a repository's root."""
    sizes: list[Size] = []
    modules: dict[str, int] = {}
    for path in sorted((root / "segctl").rglob("*.py")):
        source, file = path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()
        modules[file] = source.count("\n")
        sizes += measure(file, source)
    return list(faults(sizes, modules))


def main() -> int:
    """Print what is too large; 1 if anything is."""
    found = check(ROOT)
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
