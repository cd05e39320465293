"""The plan: what an apply or refresh would do, as data. Rendering is somebody else's."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from segctl.diagnostics import Severity
from segctl.load.document import Key
from segctl.plan.values import Values


class Action(enum.StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Reason(enum.StrEnum):
    """Why a resource is updated or deleted. Readers take a reason they do not know as "unspecified"."""

    LOGIC = "logic"
    METADATA = "metadata"
    DEPENDS = "depends"
    DATA = "data"
    MOVED = "moved"
    ARCHIVED = "archived"


class Relation(enum.StrEnum):
    """How a new definition lies to the old one, for all users that there could be.

    `neither` is shown by users of today: one who meets the new one alone, and one who meets the old one alone.
    """

    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    APART = "apart"
    NEITHER = "neither"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proved:
    """What is certain of a new definition.

    `relation` says how it lies to the old one (None: there is none), `always` whether it holds for every
    user (True), for none (False), or neither is certain (None).
    """

    relation: Relation | None = None
    always: bool | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The sizes of the old (None: there is none) and the new definition at past instants, the earliest first."""

    instants_us: tuple[int, ...]
    before: tuple[int, ...] | None
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a definition, such as `where[0].at_least`; None is absent (YAML null is never valid)."""

    path: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Saying:
    """What a definition says: its sentence, the same for everybody to read (without what could name somebody).

    Empty where there is none.
    """

    sentence: str
    public: str
    description: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a definition said and says; None where there is none on that side."""

    before: Saying | None
    after: Saying | None


@dataclass(frozen=True, slots=True)
class Movement:
    """How many users enter and exit."""

    entered: int = 0
    exited: int = 0


@dataclass(frozen=True, slots=True)
class VariantMembers:
    """The members of one variant; 0 where it does not exist."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Members:
    """The effect on a membership.

    Every user who enters or exits is counted once, in `by_data` if the old definition on today's
    data moves them as well, else in `by_definition`. So both parts of the split add up exactly:
    entered = by_definition.entered + by_data.entered, the same for exited, and
    after = before + entered - exited. Users who left the population exit by data.
    `reassigned` are members of a campaign who stay and get another variant.
    """

    before: int
    after: int
    by_definition: Movement = Movement()
    by_data: Movement = Movement()
    reassigned: int = 0
    variants: tuple[VariantMembers, ...] = ()

    @property
    def entered(self) -> int:
        """Members after who were none before."""
        return self.by_definition.entered + self.by_data.entered

    @property
    def exited(self) -> int:
        """Members before who are none after."""
        return self.by_definition.exited + self.by_data.exited

    @property
    def moves(self) -> bool:
        """Whether anybody's membership or variant is another one afterwards."""
        return bool(self.entered or self.exited or self.reassigned)


@dataclass(frozen=True, slots=True)
class GuardFinding:
    """A guard or policy that is not met; `key` is None if it is about the whole plan.

    `severity` says how bad it is, `blocking` whether it refuses the apply: each without the other.
    `allowed` if a flag lets it pass, which it never does where it is not `overridable`.
    """

    rule: str
    key: Key | None
    message: str
    blocking: bool = True
    allowed: bool = False
    severity: Severity = Severity.ERROR
    overridable: bool = True

    @property
    def stops(self) -> bool:
        """Whether it refuses the apply."""
        return self.blocking and not self.allowed


@dataclass(frozen=True, slots=True, order=True)
class Allowance:
    """What `--allow RULE[:NAME]` lets pass; without a name (empty), all findings of the rule."""

    rule: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.rule}:{self.name}" if self.name else self.rule

    def covers(self, finding: GuardFinding) -> bool:
        """Whether it lets this finding pass."""
        if finding.rule != self.rule or not finding.overridable:
            return False
        return not self.name or (finding.key is not None and self.name in {finding.key[1], ".".join(finding.key)})


@dataclass(frozen=True, slots=True)
class Use:
    """Something that uses a resource, itself (`direct`) or through others: as `applied`, and as `defined` now."""

    key: Key
    direct: bool
    applied: bool
    defined: bool


@dataclass(frozen=True)
class Change:
    """What happens to one resource; `members` is None where its membership is not touched.

    `membership` is the digest of the membership that is published with it. `values` is the effect
    on a trait, None where its values are not touched. `moved_from` is the name that it had. `uses` is
    what it refers to itself; `used_by` is told of what is deleted or renamed. `last_serial` is the last
    one that had what is created, where it was there before. `proved` is what is certain of its new logic,
    `backtest` its sizes in the past, if asked for. `words` are told of what is created, deleted or reworded.
    """

    key: Key
    action: Action
    reasons: tuple[Reason, ...] = ()
    diff: tuple[FieldChange, ...] = ()
    members: Members | None = None
    guards: tuple[GuardFinding, ...] = ()
    membership: str | None = None
    values: Values | None = None
    moved_from: str | None = None
    uses: tuple[Key, ...] = ()
    used_by: tuple[Use, ...] = ()
    last_serial: int | None = None
    proved: Proved | None = None
    backtest: Backtest | None = None
    words: Words | None = None

    def bare(self) -> Change:
        """What is done, without what guards find and what else is said beside."""
        return replace(self, guards=(), proved=None, backtest=None, words=None)


@dataclass(frozen=True)
class Held:
    """A resource that is kept at what is published, since when (an as_of), and why.

    `reasons` are the findings that refuse it, `through` the held resources that it depends on. `members` is the
    effect that is held back; None where it was not evaluated now, and is held still. `mixed` are resources that
    the plan publishes anew, out of this one's held membership and today's data.
    """

    key: Key
    since_us: int
    reasons: tuple[GuardFinding, ...] = ()
    through: tuple[Key, ...] = ()
    members: Members | None = None
    mixed: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Older:
    """That what is published is of an earlier instant: how many resources a refresh would move now, and hold.

    None where that was not evaluated; `because` says why.
    """

    as_of_us: int
    moving: int | None = None
    held: int | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is bound to: state, definitions, data, time; before the first apply lineage is None, serial 0.

    `selection` is what of the definitions it was narrowed to, in one way of writing; empty for all.
    """

    project: str
    lineage: str | None
    serial: int
    as_of_us: int
    definitions: str
    data: str
    selection: str = ""


@dataclass(frozen=True)
class Plan:
    """The difference between two worlds, with its effect; `changes` are sorted by key.

    `operation` is `apply` (definitions against the state), `refresh` (the state's definitions on
    today's data) or `rollback` (the older serial `restores`). `moves_time` says that memberships are
    published as of another instant, whether anybody moves or not.
    `allowances` are the flags that it was made with. `held` is what is held once it has been done, and
    `holds_change` that this differs from before; `all_held` says that nothing is left to publish.
    `older` says that what is published is of an earlier instant.
    """

    operation: str
    basis: Basis
    changes: tuple[Change, ...]
    unchanged: int
    guards: tuple[GuardFinding, ...] = ()
    digest: str = ""
    moves_time: bool = False
    restores: int | None = None
    allowances: frozenset[Allowance] = frozenset()
    held: tuple[Held, ...] = ()
    holds_change: bool = False
    all_held: bool = False
    older: Older | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes and not self.moves_time and not self.holds_change

    @property
    def held_now(self) -> tuple[Held, ...]:
        """What was evaluated, and is held back."""
        return tuple(held for held in self.held if held.members is not None)

    def count(self, action: Action) -> int:
        """How many changes are of this action."""
        return sum(change.action is action for change in self.changes)

    def findings(self) -> Iterator[GuardFinding]:
        """All guards that are not met, those of the whole plan first; those for which something is held are not."""
        yield from self.guards
        for change in self.changes:
            yield from change.guards
