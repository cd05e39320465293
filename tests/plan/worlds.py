"""Small worlds of definitions, from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segctl.graph import Graph, build
from segctl.load.document import Key, restore
from segctl.load.project import Definitions
from segctl.logic.meaning import meanings
from segctl.plan.compare import Difference, compare
from segctl.plan.definition import definitions
from segctl.state.record import Definition

PROJECT: dict[str, Any] = {"kind": "project", "name": "shop", "users": {"path": "users.csv", "id": "id"}}

World = tuple[Mapping[Key, Definition], Graph]


def segment(name: str, *where: Any, **rest: Any) -> dict[str, Any]:
    return {"kind": "segment", "name": name, "where": list(where), **rest}


def world(*documents: Mapping[str, Any], **project: Any) -> World:
    """Definitions, and what each builds on."""
    restored = [restore(data) for data in documents]
    loaded = Definitions(
        Path(), restore(PROJECT | project), dict(sorted((document.key, document) for document in restored))
    )
    graph = build(loaded)
    defined = definitions(loaded.documents, meanings(loaded, graph))
    return defined, graph


def differences(before: World, after: World) -> dict[str, Difference]:
    """By name."""
    return {d.key[1]: d for d in compare(before[0], after[0], after[1])}
