"""The band in which a membership moves as its data do; what moves beyond it is an anomaly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from segctl.plan.guards import share
from segctl.plan.plan import Members

DEFAULT_BAND = "30%"
DEFAULT_FLOOR = 100


@dataclass(frozen=True, slots=True)
class Band:
    """At most this share (as written) of the members before may enter, and at most as many exit.

    Where fewer users than `floor` enter and fewer exit it is no anomaly, whatever their share.
    """

    share: str = DEFAULT_BAND
    floor: int = DEFAULT_FLOOR

    def holds(self, members: Members) -> bool:
        """Whether a movement lies within the band; entering and exiting are measured each by itself."""
        most = max(members.entered, members.exited)
        return most < self.floor or most <= share(self.share) * members.before


def band_of(definition: Mapping[str, object], project: Mapping[str, object]) -> Band:
    """The band of a resource, both as written: its own, else the project's, else 30 % with a floor of 100 users.

    A band of its own holds from the first user on, unless a floor stands beside it.
    """
    own, common = _written(definition), _written(project)
    floor = own.get("floor", 0 if "band" in own else common.get("floor", DEFAULT_FLOOR))
    return Band(str(own.get("band", common.get("band", DEFAULT_BAND))), floor if isinstance(floor, int) else 0)


def used_share(members: Members) -> Fraction | None:
    """The larger of the shares that enter and that exit, of the members before; None where there were none."""
    return Fraction(max(members.entered, members.exited), members.before) if members.before else None


def _written(data: Mapping[str, object]) -> Mapping[str, object]:
    written = data.get("drift")
    return written if isinstance(written, Mapping) else {}
