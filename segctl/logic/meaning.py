"""What every definition means, and fingerprints that change when that changes and only then (law 12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segctl.graph import Graph
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, project_of
from segctl.logic.fingerprint import FORMAT, digest, encode, expression
from segctl.logic.lower import lower, lower_trait
from segctl.logic.nodes import Expression, Node, Reference
from segctl.logic.normalise import normalise, normalise_expression
from segctl.logic.references import references, traits_in
from segctl.logic.settings import Settings, settings
from segctl.model.resources import Campaign, StaticList, Variant
from segctl.model.traits import Trait


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition's condition as it was written, and its fingerprints.

    `own` covers what decides the membership in the definition itself (of a campaign also its variants,
    of a list its file and column, not the file's content). `deep` adds the project's time zone and all
    that is referred to, all the way. Neither covers metadata.
    """

    node: Node | Expression
    own: str
    deep: str


def meanings(definitions: Definitions, graph: Graph) -> Mapping[Key, Meaning]:
    """The meaning of every segment, extension, list and campaign, by key in the graph's order.

    Raises:
        TypeError: the project's document is none.
    """
    project = project_of(definitions.project)
    around = settings(project, definitions.documents)
    found: dict[Key, Meaning] = {}
    for key in graph.order:
        document = definitions.documents[key]
        node, own, refers = _meaning(document, around)
        referred = {(r.kind, r.name) for r in refers} - {key}  # a list stands for itself
        found[key] = Meaning(node, own, _deep(own, project.timezone, ((at, found[at].deep) for at in sorted(referred))))
    return found


def _meaning(document: Document, around: Settings) -> tuple[Node | Expression, str, Iterator[Reference]]:
    """What a definition means, the fingerprint of that, and what it refers to."""
    if isinstance(document.resource, Trait):
        value = lower_trait(document, around)
        return value, digest(f"segctl-trait-{FORMAT} {expression(normalise_expression(value))}"), traits_in(value)
    node = lower(document, around)
    return node, _own(document, node), references(node)


def _own(document: Document, node: Node) -> str:
    """The fingerprint of the definition alone."""
    match document.resource:
        case StaticList(path=path, id=column):
            return digest(f"segctl-list-{FORMAT} {expression((path, column))}")
        case Campaign(variants=list() as variants):
            return digest(f"{encode(normalise(node))} {expression(tuple(map(_variant, variants)))}")
        case _:
            return digest(encode(normalise(node)))


def _variant(variant: Variant) -> tuple[object, ...]:
    """What decides who gets a variant, and whether they get anything; their order decides too."""
    return variant.name, variant.percent, variant.control


def _deep(own: str, zone: str, referred: Iterable[tuple[Key, str]]) -> str:
    return digest(f"segctl-deep-{FORMAT} {expression((own, zone, tuple((*key, deep) for key, deep in referred)))}")
