"""Which keys a model knows, and which model stands at a place: read from the annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag


@dataclass(frozen=True)
class _Branch:
    """A branch of a union whose tag comes next in the location."""

    tag: str
    type: Any


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The YAML keys of a model, in the order of its fields."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def describe_key(model: type[BaseModel], key: str) -> str:
    """What a key of the model is for, in the words of its field."""
    found = (info for name, info in model.model_fields.items() if (info.alias or name) == key)
    return next((info.description or "" for info in found), "")


def model_at(model: type[BaseModel], location: Sequence[str | int]) -> type[BaseModel] | None:
    """The model that reads the value at a location of pydantic's (keys, indices, tags of union branches)."""
    places: list[Any] = [model]
    for part in location:
        places = [after for place in places for after in _step(place, part)]
    models = [place for place in places if _is_model(place)]
    return models[0] if models else None


def _is_model(place: Any) -> bool:
    return isinstance(place, type) and issubclass(place, BaseModel)


def _step(place: Any, part: str | int) -> Iterator[Any]:
    """The types below a type that is no union, under a key or index."""
    if _is_model(place):
        for name, info in place.model_fields.items():
            if (info.alias or name) == part:
                yield from _branches(info.annotation)
    elif isinstance(place, _Branch):
        if part == place.tag:
            yield place.type
    elif get_origin(place) in (list, dict):
        yield from _branches(get_args(place)[-1])


def _branches(annotation: Any) -> Iterator[Any]:
    """The types a value may have, without annotations; those of a tagged union wait for their tag."""
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        tag = next((note.tag for note in notes if isinstance(note, Tag)), None)
        for branch in _branches(inner):
            yield branch if tag is None else _Branch(tag, branch)
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _branches(member)
    else:
        yield annotation
