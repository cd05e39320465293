"""`segctl validate`: the definitions, then whether they fit the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.load.project import Definitions, find_root
from segctl.plan.definition import EVALUATED
from segctl.progress import Progress
from segctl.workflow.evaluate import Binding, Target, checked, library_of, open_data
from segctl.workflow.lists import read_list
from segctl.workflow.validate import validate


@dataclass(frozen=True)
class Checked:
    """What is valid: how many definitions of each kind, and the warnings."""

    kinds: Mapping[str, int]
    warnings: tuple[Diagnostic, ...]


def check(start: Path, as_of_us: int, progress: Progress, *, data: bool = True) -> Checked:
    """Check the project that `start` lies in, with its data unless told otherwise.

    Raises:
        InvalidInput: with everything that is wrong, warnings as well.
    """
    definitions, _, warnings = validate(find_root(start))
    if data:
        warnings += checked((*warnings, *_misfits(definitions, as_of_us, progress)))[len(warnings) :]
    return Checked(Counter(kind for kind, _ in definitions.documents), warnings)


def _misfits(definitions: Definitions, as_of_us: int, progress: Progress) -> Iterator[Diagnostic]:
    """Whatever of the definitions does not fit the data."""
    opened = open_data(definitions, as_of_us, progress)
    binding = Binding(opened.index.schema)
    library = library_of(definitions)
    for key, document in definitions.documents.items():
        if key[0] == "list":
            try:
                read_list(document, opened.root, opened.population)
            except InvalidInput as error:
                yield from error.diagnostics
        elif key[0] in EVALUATED:
            binding.bind(Target(library, key))
    yield from binding.diagnostics
