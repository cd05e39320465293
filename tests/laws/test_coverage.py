"""Random definitions say everything that the models allow: every form, operator, measure, window and flag."""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterator, Mapping
from random import Random
from typing import Any

from pydantic import BaseModel

from segctl.model.condition import HEADS
from segctl.model.messaging import Did, Level
from segctl.model.named import Resource
from segctl.model.resources import Audience
from segctl.model.rfm import GROUPS, RfmSource
from segctl.model.row_condition import ROW_HEADS
from segctl.model.traits import Trait
from tests.language import document, random_library
from tests.strategies import random_case

ROOTS: tuple[type[BaseModel], ...] = (*HEADS.values(), *ROW_HEADS.values(), Trait, RfmSource, Audience)
METADATA = frozenset({*Resource.model_fields, "kind"})
WORLDS = 400
MEANINGLESS = {
    *(("TraitCondition", key) for key in ("near", "inside")),
    *(("ElementValue", key) for key in ("length", "includes_any", "includes_all", "includes_none")),
}
"""A trait is no place, and no list holds lists: what is written so fits no data."""


Said = set[tuple[str, str]]


def forms(roots: tuple[type[BaseModel], ...]) -> Said:
    """Every key of every model that can be reached, by model."""
    found: dict[type[BaseModel], None] = {}
    waiting = list(roots)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found[model] = None
            fields = [info for name, info in model.model_fields.items() if name not in METADATA]
            waiting += [one for info in fields for one in models_in(info.annotation)]
            waiting += [one for info in fields for part in info.metadata for one in models_in(part)]
    return {(model.__name__, key) for model in found for key in model.model_fields if key not in METADATA}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from models_in(part)


def said(value: Any) -> Iterator[tuple[str, str]]:
    """Every key that is written, by model."""
    if isinstance(value, BaseModel):
        for key in value.model_fields_set:
            yield type(value).__name__, key
            yield from said(getattr(value, key))
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from said(one)


def libraries() -> Iterator[dict[str, Any]]:
    for seed in range(WORLDS):
        rng = Random(seed)  # noqa: S311 - not for secrets
        yield from random_library(rng, random_case(rng, users=1), 40)


def words(value: Any, keys: frozenset[str]) -> Iterator[tuple[str, str]]:
    """All texts that are written at these keys anywhere."""
    if isinstance(value, list):
        for one in value:
            yield from words(one, keys)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in keys:
                yield from ((key, word) for word in (one if isinstance(one, list) else [one]))
            yield from words(one, keys)


def test_every_key_of_every_form_and_every_word_is_written() -> None:
    vocabulary: Mapping[str, Collection[str]] = {
        "did": typing.get_args(Did), "engagement": typing.get_args(Level), "groups": GROUPS,
        "period": ("current", "previous"), "channel": ("email", "push"),
    }  # fmt: skip
    missing = forms(ROOTS) | {(key, word) for key, several in vocabulary.items() for word in several}
    for data in libraries():
        found = {*said(document(data).resource), *words(data, frozenset(vocabulary))}
        assert not found & MEANINGLESS
        missing -= found
        if missing == MEANINGLESS:
            return
    assert missing == MEANINGLESS
