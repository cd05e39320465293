"""`segctl validate`, its first half: everything that the definitions alone can show."""

from __future__ import annotations

from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput, Severity
from segctl.graph import Graph, examine, put_away
from segctl.load.access import ANYWHERE, Access
from segctl.load.project import Definitions, definitions, survey


def validate(root: Path, access: Access = ANYWHERE) -> tuple[Definitions, Graph, tuple[Diagnostic, ...]]:
    """The definitions of a project, their graph, and the warnings.

    Raises:
        InvalidInput: with every error and warning of all files at once.
    """
    surveyed = survey(root, access)
    graph, wrong_references = examine(
        surveyed.documents, surveyed.drafts, surveyed.names, put_away(surveyed.documents, surveyed.archived)
    )
    found = (*surveyed.diagnostics, *wrong_references)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        raise InvalidInput(found)
    return definitions(surveyed), graph, tuple(sorted(found, key=Diagnostic.sort_key))
