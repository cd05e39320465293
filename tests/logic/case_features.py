"""What can be said in the language, out of the models, and what a definition says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from segctl.model.elements import ElementField, ElementProperty, RankOperators
from segctl.model.events import EventCondition
from segctl.model.named import Resource
from segctl.model.operators import ValueOperators
from segctl.model.project import Active, Engagement, Messages
from segctl.model.resources import Campaign, Extension, Segment
from segctl.model.rfm import RfmSource
from segctl.model.traits import Trait
from segctl.model.values import DURATION, MICROSECONDS
from segctl.model.windows import Windowed
from segctl.model.written import parse_written

ROOTS: tuple[type[BaseModel], ...] = (Segment, Extension, RfmSource, Trait, Campaign, Messages, Engagement, Active)
CHANGES_NOBODY = {*Resource.model_fields, "kind", "guards", "drift", "refresh", "schedule", "reeligible_after"}
"""Keys of definitions that change no membership."""

SAME_AS: Mapping[type[BaseModel], type[BaseModel]] = {ElementProperty: ElementField}
"""Models that differ in the word of their head alone: a case of an operator in one is a case of it in both."""

WRITTEN_FORMS = ("date", "instant", "duration")


def offered() -> set[str]:
    """Every key of every model, with the forms and the words that it can have."""
    models = list(_reachable())
    features = {feature for model in models for feature in _of_model(model)}
    features |= {
        f"{name}.{key}" for name, model in _measures().items() for key in _keys(model) if name in _keys(EventCondition)
    }
    features |= {f"{key} {form}" for key in Windowed.window_keys if key != "within" for form in WRITTEN_FORMS}
    features |= {f"within {unit}" for unit in MICROSECONDS}
    operators = [_key(RankOperators, name) for name in RankOperators.operators]
    return features | {f"{key} {way}" for key in operators for way in ("or_missing", "negated", "wrong")}


def _measures() -> Mapping[str, type[BaseModel]]:
    """The measures of events, and the model of what each must meet."""
    fields = EventCondition.model_fields
    found = {_key(EventCondition, name): list(_models(field.annotation)) for name, field in fields.items()}
    return {key: models[0] for key, models in found.items() if key not in ("event", "where", "within") and models}


def _reachable() -> Iterator[type[BaseModel]]:
    seen: set[type[BaseModel]] = set()
    waiting = list(ROOTS)
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model
        kept = [field for name, field in model.model_fields.items() if name not in CHANGES_NOBODY]
        waiting += [below for field in kept for below in _models(field.annotation)]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _key(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name


def _feature(model: type[BaseModel], key: str) -> str:
    same = SAME_AS.get(model)
    named = same if same is not None and key in _keys(same) else model
    return f"{named.__name__}.{key}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [_key(model, name) for name in model.model_fields if name not in CHANGES_NOBODY]


def _of_model(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name in CHANGES_NOBODY:
            continue
        feature = _feature(model, field.alias or name)
        yield feature
        yield from (f"{feature} = {word}" for word in _words(field))
        tags = set(_tags(field.annotation))
        yield from (f"{feature} {tag}" for tag in tags if tags <= {"<text>", "<items>", "<mapping>"})


def _words(field: FieldInfo) -> list[str]:
    """The words of which one is written; of a flag without a default both values."""
    return list(dict.fromkeys(_literals(field.annotation))) or (
        ["True", "False"] if field.default is None and _is_flag(field.annotation) else []
    )


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _literals(part)


def _is_flag(annotation: Any) -> bool:
    kinds = [part for part in get_args(annotation) if part is not type(None)]
    return len(kinds) == 1 and (kinds[0] is bool or bool in get_args(kinds[0]))


def _tags(annotation: Any) -> Iterator[str]:
    for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        if isinstance(part, Tag):
            yield part.tag
        yield from _tags(part)


# --- what a definition says -----------------------------------------------------------------------------


def said(model: BaseModel, *, negated: bool = False) -> Iterator[str]:
    """The features that a definition, or a part of it, has."""
    kind = type(model)
    for name in model.model_fields_set:
        key, value = _key(kind, name), getattr(model, name)
        feature = _feature(kind, key)
        yield feature
        yield from (f"{feature} = {one}" for one in (value if isinstance(value, list) else [value]))
        yield f"{feature} {_shape(value)}"
        yield from _windows(key, value)
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, BaseModel):
                yield from (f"{key}.{_key(type(below), one)}" for one in below.model_fields_set)
                yield from said(below, negated=negated != (key == "not"))
    if isinstance(model, ValueOperators):
        yield from _ways(model, negated=negated)


def _ways(model: ValueOperators, *, negated: bool) -> Iterator[str]:
    key = next(_key(type(model), name) for name in model.operators if name in model.model_fields_set)
    if model.or_missing:
        yield f"{key} or_missing"
    if negated:
        yield f"{key} negated"


def _shape(value: Any) -> str:
    if isinstance(value, list):
        return "<items>"
    return "<mapping>" if isinstance(value, BaseModel) else "<text>"


def _windows(key: str, value: Any) -> Iterator[str]:
    """Whether it is a date, an instant or a duration, and the unit of this one."""
    for text in value if isinstance(value, list) else [value]:
        match = re.fullmatch(DURATION, text) if isinstance(text, str) else None
        if match is not None:
            yield f"{key} {match[1]}"
            yield f"{key} duration"
        elif isinstance(text, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            yield f"{key} {'instant' if hasattr(parse_written(text), 'hour') else 'date'}"


def refused(data: Any) -> Iterator[str]:
    """The operators that stand in a definition that is refused."""
    if isinstance(data, Mapping):
        yield from (f"{key} wrong" for key in data)
        for value in data.values():
            yield from refused(value)
    elif isinstance(data, list):
        for value in data:
            yield from refused(value)
