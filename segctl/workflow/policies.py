"""The policies of a project over its definitions and its data: what `plan` and `validate` judge by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import Graph, examine, references
from segctl.load.document import Document, Key, restore
from segctl.load.project import Definitions
from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.describe import describe
from segctl.logic.lower import lower, lower_any, lower_implied, traits_among
from segctl.logic.nodes import Node
from segctl.logic.prove import implied
from segctl.logic.settings import Settings, settings_of
from segctl.logic.types import Schema
from segctl.logic.uses import uses
from segctl.model.wording import uncapitalised
from segctl.plan.policies import about, as_diagnostic, broken, idle_exemptions, policies_among
from segctl.plan.policies_subject import NOTHING_JUDGED, Bound, Judged, Subject
from segctl.progress import Progress
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.workflow.evaluate import Data, Library, Target, evaluate

_AUDIENCES = ("segment", "campaign")


@dataclass(frozen=True, eq=False)
class Today:
    """Today's data, and the definitions over it as they are going to be published."""

    data: Data
    library: Library
    progress: Progress


def judged(
    definitions: Definitions, graph: Graph, snapshots: Mapping[Key, Snapshot], population: int, today: Today | None
) -> Judged:
    """What policies find in definitions, with today's data where they are at hand, and the sizes as published.

    `population` is how many users the sizes are of.
    """
    documents = definitions.documents
    policies = policies_among(documents)
    if not policies:
        return NOTHING_JUDGED
    subject = subject_of(definitions, graph, today.data.index.schema if today else None)
    if today is not None and subject.bound is not None:
        counted = replace(subject.bound, breaking=_breaking(subject, today))
        subject = replace(subject, bound=counted)
    sizes = {key: snapshot.members for key, snapshot in snapshots.items() if key in documents}
    rests = {("policy", name): graph.upstream(("policy", name)) for name in policies}
    return Judged(documents, broken(subject), sizes, population, rests)


def judged_back(then: Definitions, now: Record, record: Record, state: State) -> Judged:
    """What the policies that hold now find in the definitions of an older `record`, with its sizes."""
    policies = {key: restore(one.data) for key, one in now.definitions.items() if key[0] == "policy"}
    others = {key: document for key, document in then.documents.items() if key not in policies}
    mixed = replace(then, documents=dict(sorted({**others, **policies}.items())))
    graph, _ = examine(mixed.documents)
    return judged(mixed, graph, record.snapshots, users_of(state, record, mixed), None)


def users_of(state: State, record: Record | None, definitions: Definitions) -> int:
    """How many users the published memberships are over; 0 where no policy asks for a share of them."""
    limits = (policy.members for policy in policies_among(definitions.documents).values())
    shares = any(isinstance(limit, str) for sizes in limits if sizes for limit in (sizes.at_least, sizes.at_most))
    if record is None or not shares or not record.population:
        return 0
    return len(state.population(record.population))


def diagnostics(
    definitions: Definitions, graph: Graph, sound: frozenset[Key], schema: Schema | None
) -> Iterator[Diagnostic]:
    """What the policies on disk find in the definitions that are `sound`, at their places."""
    documents = {key: one for key, one in definitions.documents.items() if key in sound or _is_sound(one, sound)}
    policies = policies_among(documents)
    yield from idle_exemptions(definitions.documents)
    if not policies:
        return
    subject = subject_of(replace(definitions, documents=documents), graph, schema)
    for finding in broken(subject):
        yield as_diagnostic(policies[finding.policy], finding)


def _is_sound(document: Document, sound: frozenset[Key]) -> bool:
    """Whether a document is a policy of which all that it refers to is right."""
    return document.key[0] == "policy" and all(link.key in sound for link in references(document))


def subject_of(definitions: Definitions, graph: Graph, schema: Schema | None) -> Subject:
    """The definitions as policies look at them."""
    documents, around = definitions.documents, settings_of(definitions)
    refers = {key: tuple(dict.fromkeys(link.key for link in links)) for key, links in graph.links.items()}
    return Subject(
        documents=documents,
        reads={key: tuple(uses(one)) for key, document in documents.items() if (one := lower_any(document, around))},
        refers=refers,
        bound=None if schema is None else _bound(definitions, schema, around),
        places=_places(definitions),
    )


def _places(definitions: Definitions) -> dict[Key, str]:
    """Paths from the project's folder, wherever the command was started; what is out of the state has none."""
    here, root = Path.cwd(), definitions.root
    paths = {key: here / document.file for key, document in definitions.documents.items() if document.file}
    return {key: path.relative_to(root).as_posix() for key, path in paths.items() if path.is_relative_to(root)}


def needs_data(definitions: Definitions) -> frozenset[Key]:
    """The policies that nobody can judge without the data's schema."""
    policies = policies_among(definitions.documents).items()
    return frozenset(("policy", name) for name, policy in policies if policy.audience_implies is not None)


# --- what audiences make sure of ------------------------------------------------------------------


def _bound(definitions: Definitions, schema: Schema, around: Settings) -> Bound:
    """Audiences and what they must imply; extensions and lists are ids, and nothing follows from those."""
    documents = definitions.documents

    def resolve(reference: nodes.Reference) -> Node | None:
        document = documents.get((reference.kind, reference.name))
        return lower(document, around) if document is not None and reference.kind in _AUDIENCES else None

    def fitted(node: Node) -> bound.Node | None:
        binder = Binder(schema, resolve, traits_among(documents, around))
        condition = binder.bind(node)
        return None if any(one.is_error for one in binder.diagnostics) else condition

    places = _places(definitions)
    conditions = {name: lower_implied(documents["policy", name], around) for name in policies_among(documents)}
    wanted = {name: node for name, node in conditions.items() if node is not None}
    policies = policies_among(documents)
    keys = {document.key for name in wanted for document in about(policies[name], documents, places)}
    audiences = {key: fitted(lower(documents[key], around)) for key in sorted(keys)}
    must = {name: fitted(node) for name, node in wanted.items()}
    return Bound(
        resources={key: one for key, one in audiences.items() if one is not None},
        policies={name: one for name, one in must.items() if one is not None},
        words={name: uncapitalised(describe(node)) for name, node in wanted.items()},
    )


def _breaking(subject: Subject, today: Today) -> dict[tuple[str, Key], int]:
    """How many of today's members do not meet what their audience must imply, where that is not proved."""
    facts = subject.bound or Bound()
    policies = policies_among(subject.documents)
    open_ = [
        (name, document)
        for name, condition in facts.policies.items()
        for document in about(policies[name], subject.documents, subject.places)
        if document.key in facts.resources and not implied(facts.resources[document.key], condition)
    ]
    if not open_:
        return {}
    documents, library = dict(today.library.documents), today.library
    labels: dict[tuple[str, Key], Key] = {}
    for number, (name, document) in enumerate(open_):
        key = ("segment", f"policy_{number}")
        documents[key] = _breakers(key[1], document, subject.documents["policy", name].data["audience_implies"])
        labels[name, document.key] = key
    library = replace(library, documents=documents)
    try:
        found = evaluate(today.data, {label: Target(library, key) for label, key in labels.items()}, today.progress)
    except InvalidInput:
        return {}
    return {label: int(bits.sum()) for label, bits in found.memberships.items()}


def _breakers(name: str, document: Document, condition: object) -> Document:
    """A segment of the members of an audience who do not meet a condition."""
    if document.key[0] == "segment":
        return restore({"kind": "segment", "name": name, "where": [{"segment": document.key[1]}, {"not": condition}]})
    audience = document.data["audience"]
    written = audience if isinstance(audience, Mapping) else {}
    where = written.get("where", [])
    parts = [*(where if isinstance(where, list) else [where]), {"not": condition}]
    include = {"any": [{"segment": one} for one in written["include"]]}
    exclude = [{"segment": one} for one in written.get("exclude", ())]
    return restore(
        {"kind": "segment", "name": name, "where": [include, *parts], **({"exclude": exclude} if exclude else {})}
    )
