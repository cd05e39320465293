"""Random conditions on messages and engagement, and campaigns for them to be about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.strategies import CAMPAIGNS, VARIANTS
from tests.writing.pen import Data, Pen

DEFINED = ("win_back", "welcome")
"""The campaigns that a random library defines."""

_CHANNELS = ("email", "push")


class Messages:
    """Writes conditions on messages; `defined` are the campaigns that may be asked for control and conversions."""

    def __init__(self, pen: Pen, defined: Sequence[str]) -> None:
        self.pen = pen
        self.defined = defined

    def campaign(self) -> Data:
        """What was done with messages of a campaign."""
        pen = self.pen
        if self.defined and pen.chance(0.15):
            return {"campaign": self._some(self.defined), "did": "in_control"}
        did = pen.one(["received", "opened", "clicked", "unsubscribed", *(["converted"] * 2 if self.defined else [])])
        names: Any = self._some(self.defined) if did == "converted" else self._any()
        written: Data = {"campaign": names, "did": did, **pen.window()}
        if pen.chance(0.2):
            written["variant"] = pen.one(VARIANTS)
        if pen.chance(0.3):
            written["channel"] = self._channel(did)
        return written

    def _some(self, names: Sequence[str]) -> Any:
        if self.pen.chance(0.3):
            return self.pen.rng.sample(names, self.pen.rng.randint(1, len(names)))
        return self.pen.one(names)

    def _any(self) -> Any:
        if self.pen.chance(0.2):
            return "*"
        if self.pen.chance(0.2):
            return {"tag": self.pen.one(["winter", "nobody's"])}
        return self._some([name for name in CAMPAIGNS if name])

    def _channel(self, did: str) -> str:
        """A channel for which the project names such events."""
        key = {"received": "sent", "converted": "sent"}.get(did, did)
        messages = self.pen.case.settings["messages"]
        return self.pen.one([channel for channel in _CHANNELS if key in messages[channel]])

    def engagement(self) -> Data:
        """A level."""
        written: Data = {"engagement": self.pen.one(["most", "somewhat", "least", "everyone_else"])}
        return {**written, "period": self.pen.one(["current", "previous"])} if self.pen.chance(0.5) else written

    def definition(self, name: str, segments: Sequence[str], where: Data) -> Data:
        """A campaign of some segments."""
        pen = self.pen
        audience: Data = {"include": pen.rng.sample(segments, pen.rng.randint(1, min(2, len(segments))))}
        if pen.chance(0.5):
            audience["where"] = where
        if pen.chance(0.3):
            audience["exclude"] = [pen.one(segments)]
        shares = pen.one([(50, 50, 0), (45, 45, 10), (10, 20, 70), (33, 33, 34)])
        variants = [{"name": name, "percent": share} for name, share in zip(VARIANTS, shares, strict=True)]
        conversions = [{"event": "purchase", "within": pen.one(["1h", "1d", "7d", "14d"])}]
        if pen.chance(0.4):
            conversions.append({"event": pen.one(["visit", "nothing"]), "within": "12h"})
        return {
            "kind": "campaign", "name": name, "tags": pen.one([["winter"], ["summer"], ["winter", "x"]]),
            "audience": audience, "variants": [*variants[:2], {**variants[2], "control": True}],
            "conversions": conversions,
        }  # fmt: skip
