"""The one direction of imports, walked over the syntax trees. Run: `python -m tests.house.imports`.

A package of segctl imports only itself and the layers before it. Libraries that are slow to load
must not load where `segctl --help` passes.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAYERS: tuple[tuple[str, ...], ...] = (
    ("diagnostics", "disclosure", "progress"),
    ("model",),
    ("load",),
    ("ways",),
    ("graph",),
    ("selection", "layout"),
    ("logic",),
    ("lint", "edges"),
    ("sources",),
    ("index",),
    ("engine",),
    ("state",),
    ("plan",),
    ("apply",),
    ("workflow",),
    ("report",),
    ("cli",),
)
"""From the leaf to the edge; what stands on one line stands side by side."""

ASIDE = {"example": ("diagnostics", "progress")}
"""Rooms beside the way: what they may import. Only `cli` opens them."""

START_UP = ("__init__.py", "__main__.py", "diagnostics.py", "progress.py", "cli/__init__.py", "cli/main.py",
            "cli/commands.py", "cli/global_options.py", "cli/help_text.py", "cli/interrupts.py", "cli/log.py",
            "cli/terminal.py")  # fmt: skip
"""What `segctl --help` loads."""

HEAVY = frozenset({"duckdb", "numpy", "pyarrow", "pydantic", "pydantic_core", "rich", "xxhash", "yaml"})


@dataclass(frozen=True)
class Wrong:
    """An import that may not be there."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


def imported(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """Every imported module: its dotted name, the line, and whether it loads with the file itself."""
    at_once = set(_at_once(tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, node in at_once
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{'.' * node.level}{node.module or ''}.{alias.name}", node.lineno, node in at_once


def _at_once(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run at import: not those in functions, not those for type checkers only."""
    for statement in body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            continue
        yield statement
        for inner in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _at_once(getattr(statement, inner, []))


def layer(module: str) -> int | None:
    """The number of a room's layer, 0 for the leaf; None for a room beside the way."""
    return next((n for n, rooms in enumerate(LAYERS) if module in rooms), None)


def allowed(room: str, target: str) -> bool:
    """Whether a room may import another."""
    if room == target:
        return True
    if room in ASIDE:
        return target in ASIDE[room]
    if target in ASIDE:
        return room == "cli"
    ours, theirs = layer(room), layer(target)
    return ours is not None and theirs is not None and theirs < ours


def check_file(relative: str, source: str) -> Iterator[Wrong]:
    """What is wrong with the imports of one file; `relative` is its path below `segctl/`."""
    room = relative.split("/", maxsplit=1)[0].removesuffix(".py")
    at_root = room in {"__init__", "__main__"}
    if not at_root and layer(room) is None and room not in ASIDE:
        yield Wrong(f"segctl/{relative}", 1, f"`{room}` is not a room of the house: add it to LAYERS")
        return
    for name, line, at_once in imported(ast.parse(source)):
        top, *rest = name.split(".")
        if name.startswith("."):
            yield Wrong(f"segctl/{relative}", line, "write imports of segctl in full")
        elif top == "segctl" and not at_root and rest[0] != "__version__" and not allowed(room, rest[0]):
            yield Wrong(f"segctl/{relative}", line, f"`{room}` must not import `{rest[0]}`")
        elif top in HEAVY and at_once and relative in START_UP:
            yield Wrong(f"segctl/{relative}", line, f"`{top}` is slow to load and `segctl --help` passes here")


def check(root: Path) -> list[Wrong]:
    """All wrong imports of the package below a repository's root."""
    package = root / "segctl"
    return [
        wrong
        for path in sorted(package.rglob("*.py"))
        for wrong in check_file(path.relative_to(package).as_posix(), path.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found = check(ROOT)
    for wrong in found:
        sys.stdout.write(f"{wrong}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
