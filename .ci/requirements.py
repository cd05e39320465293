"""Print what `.ci/requirements.in` must hold: the runtime and the `dev` dependencies of pyproject.toml."""

from __future__ import annotations

import pathlib
import sys
import tomllib

HEADER = "# Written by `make lock` from pyproject.toml: the runtime and the `dev` dependencies."


def requirements(pyproject: str) -> str:
    """The text of requirements.in for the text of a pyproject.toml."""
    data = tomllib.loads(pyproject)
    names = {*data["project"]["dependencies"], *data["dependency-groups"]["dev"]}
    return "\n".join([HEADER, *sorted(names, key=str.lower)]) + "\n"


if __name__ == "__main__":
    root = pathlib.Path(__file__).resolve().parent.parent
    sys.stdout.write(requirements((root / "pyproject.toml").read_text(encoding="utf-8")))
