"""What `segctl validate` does without data, over a file in memory: load, graph, logic."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.graph import examine
from segctl.load.files import Source
from segctl.load.project import Definitions, Survey, _Reader, load
from segctl.logic.meaning import meanings
from segctl.report.diagnostics import as_text
from tests.load.mutations import ROOT

PROJECT_FILE = "segctl.yaml"


@cache
def example() -> Definitions:
    """The example's definitions, which a file is added to."""
    return load(ROOT)


def survey_of(raw: bytes, file: str = "a.yaml", *, project: bool = False) -> Survey:
    """All that a file holds; `project` says that there is a project elsewhere."""
    reader = _Reader(project_file=PROJECT_FILE)
    if project:
        reader.first["project", ""] = Span(PROJECT_FILE)
    reader.read(Source(Path(file), file, raw))
    return reader.survey(Path())


def look_at(raw: bytes) -> tuple[Diagnostic, ...]:
    """All that is wrong with the example where this file is added, and takes the place of what it names anew."""
    is_project = b"kind: project" in raw
    survey = survey_of(raw, PROJECT_FILE if is_project else "a.yaml", project=not is_project)
    around = example()
    documents = dict(sorted({**around.documents, **survey.documents}.items()))
    graph, wrong = examine(documents, survey.drafts, survey.names)
    found = (*survey.diagnostics, *wrong)
    if not any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        meanings(replace(around, project=survey.project or around.project, documents=documents), graph)
    assert as_text(found) or not found
    return found
