"""Conditions on messages and engagement as SQL (law 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.sql.clock import length_us, moved, quoted, timestamp
from tests.sql.events import Events
from tests.sql.uncovered import Uncovered
from tests.sql.values import all_of, any_of

_CHANNELS = ("email", "push", "sms")
_EVENTS = {"received": "sent", "converted": "sent"}
_DAY_US = 86_400 * 10**6


@dataclass(frozen=True)
class Messages:
    """Compiles conditions on messages; `settings` are what the project says, `campaigns` those that are defined."""

    events: Events
    settings: Mapping[str, Any]
    campaigns: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def campaign(self, written: Mapping[str, Any]) -> str:
        """What the user did with messages of campaigns."""
        if written["did"] == "in_control":
            return any_of(self._in_control(name) for name in self._names(written["campaign"]) or ())
        if written["did"] == "converted":
            names = self._names(written["campaign"]) or ()
            return any_of(self._converted(name, written) for name in names) if names else "false"
        window = {key: one for key, one in written.items() if key in {"within", "between", "since", "until"}}
        return f"EXISTS (SELECT 1 FROM ({self._rows(written, window)}) r WHERE r.user_id = u.id)"

    def _names(self, campaign: Any) -> list[str] | None:
        """The campaigns that are meant; None is all."""
        match campaign:
            case "*":
                return None
            case {"tag": tag}:
                return [name for name, data in self.campaigns.items() if tag in data.get("tags", ())]
            case str():
                return [campaign]
            case _:
                return list(campaign)

    def _rows(self, written: Mapping[str, Any], window: Mapping[str, Any]) -> str:
        key = _EVENTS.get(written["did"], written["did"])
        channels = [written["channel"]] if "channel" in written else _CHANNELS
        messages = self.settings["messages"]
        events = [messages[one][key] for one in channels if key in messages.get(one, {})]
        tests: list[Any] = []
        names = self._names(written["campaign"])
        if names is not None:
            tests.append({"property": "campaign", "in": names})
        if "variant" in written:
            tests.append({"property": "variant", "is": written["variant"]})
        if names == []:
            return "SELECT NULL AS user_id, CAST(NULL AS TIMESTAMPTZ) AS at WHERE false"
        where = {"where": tests} if tests else {}
        return self.events.rows({"event": events, **where, **window}, "count", None)

    # --- what the campaign's definition says -----------------------------------------------------------

    def _converted(self, name: str, written: Mapping[str, Any]) -> str:
        """A conversion in the window, at most its time after a message was sent, or with it."""
        if name not in self.campaigns:
            raise Uncovered("a campaign that is not defined")
        window = {key: one for key, one in written.items() if key in {"within", "between", "since", "until"}}
        sent = self._rows({**written, "campaign": name}, {})
        return any_of(
            f"EXISTS (SELECT 1 FROM ({sent}) s, ({self._conversion(one, window)}) c "
            "WHERE s.user_id = u.id AND c.user_id = u.id AND c.id <> s.id AND c.at >= s.at "
            f"AND epoch_us(c.at) - epoch_us(s.at) <= {length_us(one['within'])})"
            for one in self.campaigns[name]["conversions"]
        )

    def _conversion(self, conversion: Mapping[str, Any], window: Mapping[str, Any]) -> str:
        return self.events.rows({"event": conversion["event"], **window}, "count", None)

    def _in_control(self, name: str) -> str:
        """In the audience, and the variant by hash is a control."""
        if name not in self.campaigns:
            raise Uncovered("a campaign that is not defined")
        low, ranges = 0, []
        for variant in self.campaigns[name]["variants"]:
            high = low + int(variant["percent"]) * 100
            ranges += [f"bucket >= {low} AND bucket < {high}"] if variant.get("control") else []
            low = high
        audience = f"SELECT id FROM given WHERE kind = 'campaign' AND name = {quoted(name)}"
        variant_of = f"SELECT id FROM buckets WHERE of = {quoted(name + ':')} AND {any_of(ranges)}"
        return f"(u.id IN ({audience}) AND u.id IN ({variant_of}))"

    # --- engagement ------------------------------------------------------------------------------------

    def engagement(self, written: Mapping[str, Any]) -> str:
        """The share of the e-mails in the look-back, at least a day old on Monday, that were opened or clicked."""
        email, rules = self.settings["messages"]["email"], self.settings.get("engagement", {})
        end = self._monday(1 if written.get("period") == "previous" else 0)
        start = moved(end, -length_us(rules.get("lookback", "90d")))
        sent = self._between([email["sent"]], start, moved(end, -_DAY_US + 1))
        responded = self._between([email["opened"], email["clicked"]], None, end)
        share = (
            f"SELECT count(*) AS n, count(*) FILTER (s.v IN (SELECT r.v FROM ({responded}) r "
            "WHERE r.user_id = s.user_id AND r.v IS NOT NULL)) AS k FROM s"
        )
        cuts = [Decimal(rules.get(key, cut).removesuffix("%")) for key, cut in (("most", "50%"), ("somewhat", "20%"))]
        test = {
            "most": f"n > 0 AND k * 100 >= n * {cuts[0]}",
            "somewhat": f"n > 0 AND k * 100 < n * {cuts[0]} AND k * 100 >= n * {cuts[1]}",
            "least": f"n > 0 AND k * 100 < n * {cuts[1]}",
            "everyone_else": "n = 0",
        }[written["engagement"]]
        found = f"WITH s AS (SELECT * FROM ({sent}) e WHERE e.user_id = u.id) SELECT {test} FROM ({share})"
        return f"coalesce(({found}), false)"

    def _monday(self, weeks_before: int) -> datetime:
        """The start of the local Monday at or before as_of."""
        clock = self.events.operators.clock
        return clock.start_of(clock.today - timedelta(days=clock.today.weekday() + 7 * weeks_before))

    def _between(self, events: Sequence[str], start: datetime | None, end: datetime) -> str:
        """Rows of messages with their ids as v; the end is not included."""
        path = self.settings["messages"]["properties"]["message"]
        limits = [f"x.at < {timestamp(end)}", *([f"x.at >= {timestamp(start)}"] if start else [])]
        return f"SELECT * FROM ({self.events.rows({'event': list(events)}, 'distinct', path)}) x WHERE {all_of(limits)}"
