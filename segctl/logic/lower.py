"""From what was written to what it means: models to logic nodes.

Negative operators become `Not` of their positive twins and flags become nodes (law 2), so that what
comes after knows few forms. Every node keeps the place where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segctl.diagnostics import Span
from segctl.load.document import Document, Key
from segctl.logic import nodes
from segctl.logic.lower_messages import MessagesLowering
from segctl.logic.lower_rows import RowsLowering
from segctl.logic.lower_values import Keys, Values
from segctl.logic.nodes import NOBODY, All, Any, Node, Not
from segctl.logic.references import Traits
from segctl.logic.settings import PLAIN, Settings
from segctl.model import condition as written
from segctl.model import expression
from segctl.model.events import EventCondition
from segctl.model.messaging import CampaignCondition, EngagementCondition
from segctl.model.policy import Policy
from segctl.model.resources import Campaign, Extension, Segment, StaticList
from segctl.model.rfm import GROUPS, Rfm, RfmScores, RfmSource
from segctl.model.sequences import SequenceCondition
from segctl.model.traits import Trait
from segctl.model.values import Model, path_parts


def lower(document: Document, settings: Settings = PLAIN) -> Node:
    """What a segment, campaign, extension or list means, as it was written and not yet normalised.

    Raises:
        TypeError: the document is none of these.
    """
    lowering = _lowering(document, settings)
    match document.resource:
        case Segment() as segment:
            return lowering.segment(segment)
        case Campaign() as campaign:
            return lowering.campaign(campaign)
        case Extension(from_=RfmSource(rfm=rfm)):
            return lowering.rfm(rfm, ("from", "rfm"))
        case Extension() as extension:
            return lowering.condition(extension.from_, ("from",))
        case StaticList() as static:
            return nodes.Reference("list", static.name, document.span(("name",)))
        case _:
            raise TypeError(f"a {document.key[0]} has no membership")


def lower_trait(document: Document, settings: Settings = PLAIN) -> nodes.Expression:
    """What a trait is.

    Raises:
        TypeError: the document is no trait.
    """
    match document.resource:
        case Trait(value=None, formula=str() as formula):
            return _formula(expression.parse(formula, ()), document.span(("formula",)))
        case Trait(value=value) if value is not None:
            return _lowering(document, settings).rows.trait(value, ("value",))
        case _:
            raise TypeError(f"a {document.key[0]} has no value")


def lower_any(document: Document, settings: Settings = PLAIN) -> Node | nodes.Expression | None:
    """What a definition means by itself; None of a list (its file does), a policy and a test."""
    match document.resource:
        case Segment() | Campaign() | Extension():
            return lower(document, settings)
        case Trait():
            return lower_trait(document, settings)
        case _:
            return None


def lower_implied(document: Document, settings: Settings = PLAIN) -> Node | None:
    """What a policy says that audiences must make sure of; None where it says no such thing.

    Raises:
        TypeError: the document is no policy.
    """
    if not isinstance(document.resource, Policy):
        raise TypeError(f"a {document.key[0]} is no policy")
    condition = document.resource.audience_implies
    return None if condition is None else _lowering(document, settings).condition(condition, ("audience_implies",))


def traits_among(documents: Mapping[Key, Document], settings: Settings = PLAIN) -> Traits:
    """What the traits among some definitions are."""

    def trait(name: str) -> nodes.Expression | None:
        document = documents.get(("trait", name))
        return None if document is None else lower_trait(document, settings)

    return trait


def _formula(part: expression.Expression, origin: Span | None) -> nodes.Expression:
    match part:
        case expression.Number(value):
            return nodes.Number(value if isinstance(value, int) else Decimal(repr(value)))
        case expression.Column(path):
            return nodes.TraitOf(".".join(path), origin)
        case expression.Operation(sign, left, right):
            return nodes.Arithmetic(sign, _formula(left, origin), _formula(right, origin))


def _lowering(document: Document, settings: Settings) -> _Lowering:
    values = Values(document)
    rows = RowsLowering(values, settings)
    return _Lowering(values, rows, MessagesLowering(rows))


def _all(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _any(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


@dataclass(frozen=True)
class _Lowering:
    """The conditions of one document."""

    values: Values
    rows: RowsLowering
    messages: MessagesLowering

    def segment(self, segment: Segment) -> Node:
        parts = [self.where(segment.where, ("where",))]
        if segment.exclude:
            parts.append(Not(_any(self.conditions(segment.exclude, ("exclude",)))))
        return _all(parts)

    def campaign(self, campaign: Campaign) -> Node:
        audience, place = campaign.audience, ("audience",)
        parts = [_any(self._segments(audience.include, (*place, "include")))]
        if audience.where is not None:
            parts.append(self.where(audience.where, (*place, "where")))
        if audience.exclude:
            parts.append(Not(_any(self._segments(audience.exclude, (*place, "exclude")))))
        return _all(parts)

    def _segments(self, names: Iterable[str], place: Keys) -> list[Node]:
        return [nodes.Reference("segment", name, self.values.span(*place, i)) for i, name in enumerate(names)]

    def rfm(self, rfm: Rfm, place: Keys) -> Node:
        rows = self.rows.rows(rfm.event, rfm.where, self.rows.window(rfm, place), (*place, "event"))
        return nodes.Rfm(rows, path_parts(rfm.of), _triples(rfm), self.values.span(*place, "of"))

    def where(self, where: Model | Sequence[Model], place: Keys) -> Node:
        """One condition, or a list of which all must hold."""
        return self.condition(where, place) if isinstance(where, Model) else _all(self.conditions(where, place))

    def conditions(self, conditions: Iterable[Model], place: Keys) -> list[Node]:
        return [self.condition(one, (*place, i)) for i, one in enumerate(conditions)]

    def condition(self, condition: Model, place: Keys) -> Node:
        """A condition on users."""
        match condition:
            case written.AllOf():
                return All(tuple(self.conditions(condition.all_, (*place, "all"))))
            case written.AnyOf():
                return Any(tuple(self.conditions(condition.any_, (*place, "any"))))
            case written.NotOf():
                return Not(self.condition(condition.not_, (*place, "not")))
            case written.AttributeCondition(attribute=path):
                return self.values.value(path, condition, place, "attribute")
            case written.TraitCondition(trait=name):
                return self.values.trait(name, condition, place)
            case _:
                return self._events(condition, place) or self._membership(condition, place)

    def _events(self, condition: Model, place: Keys) -> Node | None:
        """A condition on what happened; None if it is on something else."""
        match condition:
            case EventCondition():
                return self.rows.event(condition, place)
            case SequenceCondition():
                return self.rows.sequence(condition, place)
            case CampaignCondition():
                return self.messages.campaign(condition, place)
            case EngagementCondition():
                return self.messages.engagement(condition, place)
            case _:
                return None

    def _membership(self, condition: Model, place: Keys) -> Node:
        """A condition on where the user belongs."""
        for kind, form in _MEMBERSHIPS.items():
            if isinstance(condition, form):
                name = getattr(condition, "list_" if kind == "list" else kind)
                return nodes.Reference(kind, name, self.values.span(*place, kind))
        match condition:
            case written.BucketCondition(bucket=bucket):
                return nodes.Bucket(bucket.from_, bucket.to, self.values.span(*place, "bucket"))
            case written.EveryoneCondition(everyone=everyone):
                return nodes.Everyone() if everyone else NOBODY
            case _:
                raise TypeError(f"no meaning for {type(condition).__name__}")


_MEMBERSHIPS: Mapping[str, type[Model]] = {
    "segment": written.SegmentCondition, "extension": written.ExtensionCondition, "list": written.ListCondition,
}  # fmt: skip


def _triples(rfm: Rfm) -> tuple[tuple[int, int, int], ...]:
    """The scores of recency, frequency and money that are in, in order."""
    every = [(r, f, m) for r in range(4) for f in range(4) for m in range(4)]
    if rfm.scores is not None:
        return tuple(triple for triple in every if _chosen(rfm.scores, triple))
    return tuple(triple for triple in every if _group(triple) in (rfm.groups or ()))


def _chosen(scores: RfmScores, triple: tuple[int, int, int]) -> bool:
    wanted = (scores.recency, scores.frequency, scores.monetary)
    return all(among is None or score in among for among, score in zip(wanted, triple, strict=True))


def _group(triple: tuple[int, int, int]) -> str | None:
    """The first group that fits."""
    fitting = (
        name
        for name, ranges in GROUPS.items()
        if all(score in among for score, among in zip(triple, ranges, strict=True))
    )
    return next(fitting, None)
