"""Definitions for tests, from the plain data that YAML would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.load.document import Document
from segctl.logic.fingerprint import encode
from segctl.logic.lower import lower
from segctl.logic.nodes import Node
from segctl.logic.normalise import normalise
from segctl.model.resources import KINDS


def document(data: Mapping[str, Any]) -> Document:
    """A resource that stands in no file."""
    resource = KINDS[data["kind"]].model_validate(data)
    return Document((data["kind"], data["name"]), resource, data)


def segment(where: object, **more: object) -> Document:
    """A segment with this condition."""
    return document({"kind": "segment", "name": "s", "where": where, **more})


def meaning(where: object, **more: object) -> Node:
    """What a segment with this condition means, as written."""
    return lower(segment(where, **more))


def normal(where: object, **more: object) -> str:
    """The text of its normal form."""
    return encode(normalise(meaning(where, **more)))
