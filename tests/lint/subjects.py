"""Definitions as rules look at them."""

from __future__ import annotations

from segctl.graph import build
from segctl.lint.subject import Definition, Subject
from segctl.load.project import Definitions
from segctl.logic.lower import lower
from segctl.logic.settings import settings_of


def subject_of_project(found: Definitions) -> Subject:
    """All segments of a project, without facts."""
    around = settings_of(found)
    logic = {key: Definition(one, lower(one, around)) for key, one in found.documents.items() if key[0] == "segment"}
    return Subject(logic, build(found))
