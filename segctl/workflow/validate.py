"""`segctl validate`, its first half: everything that the definitions alone can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import Gone, Graph, examine, put_away
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Key
from segctl.load.project import Definitions, Survey, definitions, survey

Memory = Callable[[Survey], Mapping[Key, Gone]]
"""What is known of resources that are not on disk any more."""


def forgetful(surveyed: Survey) -> Mapping[Key, Gone]:  # noqa: ARG001 a `Memory` that has none
    """Know of nothing that was there before."""
    return {}


def validate(
    root: Path, access: Access = ANYWHERE, memory: Memory = forgetful
) -> tuple[Definitions, Graph, tuple[Diagnostic, ...]]:
    """The definitions of a project, their graph, and the warnings.

    The memory is asked where a reference leads nowhere.

    Raises:
        InvalidInput: with every error and warning of all files at once.
    """
    surveyed = survey(root, access)
    told = put_away(surveyed.documents, surveyed.archived)
    graph, wrong_references = examine(surveyed.documents, surveyed.drafts, surveyed.names, told)
    remembered = memory(surveyed) if any(found.code == "missing-reference" for found in wrong_references) else {}
    if remembered:
        graph, wrong_references = examine(surveyed.documents, surveyed.drafts, surveyed.names, {**remembered, **told})
    found = (*surveyed.diagnostics, *wrong_references)
    if any(diagnostic.is_error for diagnostic in found):
        raise InvalidInput(found)
    return definitions(surveyed), graph, tuple(sorted(found, key=Diagnostic.sort_key))
