"""Policies: what must be true of all resources of a project, or of some of them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictStr, model_validator

from segctl.model.condition import Condition
from segctl.model.named import Resource
from segctl.model.patterns import Pattern
from segctl.model.rules import exactly_one_of
from segctl.model.values import KEY, Model, Text, UsersOrShare, one_of, problem
from segctl.model.wording import choices, quoted

Kind = Literal["segment", "extension", "list", "trait", "campaign"]
"""The kinds that a policy can be about."""

Writable = Literal[
    "owner", "description", "tags", "guards", "protect", "schedule", "variants", "conversions", "reeligible_after"
]  # fmt: skip
"""The keys that a policy can ask for."""

_EVERY: tuple[Kind, ...] = ("segment", "extension", "list", "trait", "campaign")
_KINDS_OF: dict[str, tuple[Kind, ...]] = {
    "guards": ("segment", "extension", "campaign"),
    "schedule": ("campaign",),
    "variants": ("campaign",),
    "conversions": ("campaign",),
    "reeligible_after": ("campaign",),
}
_RULES = ("require", "require_tag", "naming", "audience_implies", "members", "forbid")
_KINDS_BY_RULE: dict[str, tuple[Kind, ...]] = {
    "audience_implies": ("segment", "campaign"),
    "members": ("segment", "extension", "list", "campaign"),
    "forbid": ("segment", "extension", "trait", "campaign"),
}
TAKEN = frozenset(
    {"max_exit", "max_enter", "min_members", "max_removed", "empty_definitions", "earlier_as_of", "protect"}
    | {"empty_audience", "lost_data", "multiplied", "nearly_everybody", "reassigned"}
)
"""Names that `--allow` knows already."""


def _check_reason(text: str) -> str:
    if not text.strip():
        raise problem("empty-text", "an empty reason", "say why it is exempt")
    return text


class Scope(Model):
    """The resources that a policy applies to: those that meet all of these keys."""

    kinds: Annotated[list[Kind], Field(min_length=1)] | None = Field(
        None, description="Resources of one of these kinds."
    )
    tags: Annotated[list[Text], Field(min_length=1)] | None = Field(
        None, description="Resources with at least one of these tags."
    )
    owner: Text | None = Field(None, description="Resources of this owner.")
    names: Pattern | None = Field(None, description="Resources whose name matches this RE2 pattern.")
    path: Text | None = Field(
        None, description="Resources in a file with this path inside the project; `*` matches any text.",
        examples=["segments/email/*"],
    )  # fmt: skip


class Sizes(Model):
    """How many members there may be, as a number or as a share of the population."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]})

    at_least: UsersOrShare | None = Field(None, description="The minimum number of members.")
    at_most: UsersOrShare | None = Field(None, description="The maximum number of members.")

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise problem("missing-operator", "a limit is missing", "add `at_least`, `at_most` or both")
        low, high = self.at_least, self.at_most
        if isinstance(low, int) and isinstance(high, int) and low > high:
            raise problem("empty-range", f"nothing has from {low} to {high} members", "write the smaller one first")
        return self


class Forbidden(Model):
    """What must not be read, by name; `*` matches any text, and a path covers everything below it."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [key]} for key in ("attributes", "properties", "events", "traits")]}
    )

    attributes: list[Text] = Field(default_factory=list, description="Attributes of users.", examples=[["health.*"]])
    properties: list[Text] = Field(default_factory=list, description="Properties of events.")
    events: list[Text] = Field(default_factory=list, description="Events.")
    traits: list[Text] = Field(default_factory=list, description="Traits.")

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.attributes or self.properties or self.events or self.traits):
            hint = f"add {choices(('attributes', 'properties', 'events', 'traits'))}"
            raise problem("empty-list", "nothing is forbidden", hint)
        return self


class Exemption(Model):
    """A resource that is exempt from the policy, and the reason."""

    name: Annotated[StrictStr, Field(min_length=1)] = Field(
        description="The name of the resource, or its kind and name.", examples=["holdout", "segment.holdout"]
    )
    reason: Annotated[Text, AfterValidator(_check_reason)] = Field(description="The reason for the exemption.")


class Policy(Resource):
    """A rule for all resources, or for some of them; exactly one rule."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(_RULES))

    kind: Literal["policy"] = Field(description="What this definition is.")
    on: Scope = Field(
        default_factory=Scope,
        description="The resources that the policy applies to. Default: all that the rule can apply to.",
    )
    severity: Literal["error", "warning"] = Field("error", description="The severity of a violation.")
    blocking: StrictBool = Field(True, description="Refuse an apply that violates the policy.")
    override: Literal["reason", "never"] = Field(
        "reason", description="Whether `--allow`, which needs a reason, overrides it."
    )
    exempt: list[Exemption] = Field(default_factory=list, description="Resources that are exempt from the policy.")
    require: Annotated[list[Writable], Field(min_length=1)] | None = Field(
        None, description="Keys that must be present and not empty."
    )
    require_tag: Annotated[list[Text], Field(min_length=1)] | None = Field(
        None, description="Each resource must have at least one of these tags."
    )
    naming: Pattern | None = Field(None, description="An RE2 pattern that must be found in each name.")
    audience_implies: Condition | None = Field(
        None, description="A condition that every member must meet; it must follow from the audience's own condition."
    )
    members: Sizes | None = Field(None, description="How many members there may be.")
    forbid: Forbidden | None = Field(None, description="What may not be read, directly or through other resources.")

    @property
    def rule(self) -> str:
        """The key of its rule."""
        return one_of(self, _RULES)[0]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that it is about."""
        return frozenset(self.on.kinds or self._possible(default=True))

    def _possible(self, *, default: bool = False) -> tuple[Kind, ...]:
        """The kinds that the rule can be about; by default campaigns alone have an audience."""
        if self.require is not None:
            return tuple(kind for kind in _EVERY if all(kind in _KINDS_OF.get(key, _EVERY) for key in self.require))
        if default and self.rule == "audience_implies":
            return ("campaign",)
        return _KINDS_BY_RULE.get(self.rule, _EVERY)

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        written = one_of(self, _RULES)
        if not written:
            raise problem("missing-operator", "the rule is missing", f"add exactly one of {choices(_RULES)}")
        if len(written) > 1:
            hint = "write two policies: each has a name, a severity and exemptions of its own"
            raise problem("many-operators", f"{choices(written, 'and')} in one policy", hint, at=(written[1], KEY))
        if self.name in TAKEN:
            raise problem("taken-name", f"{quoted(self.name)} is the name of a guard", "rename it", at=("name",))
        return self

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        possible = self._possible()
        for number, kind in enumerate(self.on.kinds or ()):
            if kind not in possible:
                hint = f"it can be about {choices(possible)}"
                at = ("on", "kinds", number)
                raise problem("no-such-kind", f"`{self.rule}` cannot be about a {kind}", hint, at=at)
        if self.members is not None and self.on.path is not None:
            hint = "choose by `names`, `tags` or `owner`: a refresh checks sizes too, and knows no files"
            raise problem("no-path", "sizes cannot be limited by `path`", hint, at=("on", "path"))
        return self
