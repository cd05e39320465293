"""Messages, from what was written to nodes: which events of which campaigns, and levels of engagement (law 13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from segctl.diagnostics import Span
from segctl.logic import nodes
from segctl.logic.lower_rows import RowsLowering
from segctl.logic.lower_values import Keys
from segctl.logic.nodes import All, Any, Faulty, MeasureKind, Names, Node
from segctl.logic.operators import DEFAULT_COUNT
from segctl.model.messaging import CampaignCondition, EngagementCondition, Tagged
from segctl.model.project import EmailMessages
from segctl.model.resources import Campaign, Conversion, Variant
from segctl.model.values import duration_us, path_parts, share_of

CHANNELS = ("email", "push", "sms")
BUCKETS_PER_PERCENT = 100

_EVENT_OF = {
    "received": "sent", "opened": "opened", "clicked": "clicked", "unsubscribed": "unsubscribed", "converted": "sent",
}  # fmt: skip
"""The key of `messages` whose events say what a user did."""


@dataclass(frozen=True)
class MessagesLowering:
    """Conditions on messages in one document."""

    lowering: RowsLowering

    def campaign(self, condition: CampaignCondition, place: Keys) -> Node:
        """What the user did with messages of campaigns."""
        origin = self.lowering.values.span(*place, "campaign")
        if condition.did == "in_control":
            return _any(tuple(self._in_control(name, origin) for name in self._campaigns(condition)))
        fault = self._fault(condition, origin)
        if fault is not None:
            return fault
        if condition.did == "converted":
            return _any(tuple(self._converted(name, condition, place) for name in self._campaigns(condition)))
        window = self.lowering.window(condition, place)
        return _at_least_once(self._messages(condition, _EVENT_OF[condition.did], window, place))

    def _campaigns(self, condition: CampaignCondition) -> tuple[str, ...]:
        """The names of the campaigns that are meant, where not all are."""
        written = condition.campaign
        if isinstance(written, Tagged):
            found = self.lowering.settings.campaigns.items()
            return tuple(sorted(name for name, campaign in found if written.tag in campaign.tags))
        return tuple(written) if isinstance(written, list) else (written,)

    def _fault(self, condition: CampaignCondition, origin: Span | None) -> Faulty | None:
        """What the project does not say and would have to."""
        messages = self.lowering.settings.messages
        if messages is None:
            hint = "say in segctl.yaml which events are messages: `messages: {email: {sent: email_sent, ...}}`"
            return Faulty("no-messages", "the project names no messages", hint, origin)
        key = _EVENT_OF[condition.did]
        if not self._names(condition, key):
            where = f"of `{condition.channel}`" if condition.channel else "of any channel"
            return Faulty("no-messages", f"`messages` names no event `{key}` {where}", "add it in segctl.yaml", origin)
        properties = messages.properties
        wanted = ["variant"] if condition.variant is not None else []
        wanted += ["campaign"] if condition.campaign != "*" else []
        lacking = next((name for name in wanted if properties is None or getattr(properties, name) is None), None)
        if lacking is None:
            return None
        hint = f"say in segctl.yaml which property it is: `messages: {{properties: {{{lacking}: ...}}}}`"
        return Faulty("no-messages", f"it is not known which {lacking} a message is of", hint, origin)

    def _names(self, condition: CampaignCondition, key: str) -> tuple[str, ...]:
        """The names of the events of a kind, in the channels that are meant."""
        messages = self.lowering.settings.messages
        channels = [condition.channel] if condition.channel else CHANNELS
        kinds: list[EmailMessages | None] = [getattr(messages, channel) for channel in channels]
        names = [getattr(kind, key) for kind in kinds if kind is not None]
        return tuple(sorted({name for name in names if name is not None}))

    def _messages(self, condition: CampaignCondition, key: str, window: nodes.Window, place: Keys) -> nodes.Rows:
        """The rows of messages of these campaigns."""
        campaigns = None if condition.campaign == "*" else self._campaigns(condition)
        origin = self.lowering.values.span(*place, "campaign")
        where = _all(tuple(self._tests(campaigns, condition.variant, origin)))
        return nodes.Rows(Names(self._names(condition, key)), where, window, origin)

    def _tests(self, campaigns: tuple[str, ...] | None, variant: str | None, origin: Span | None) -> Iterator[Node]:
        messages = self.lowering.settings.messages
        properties = messages.properties if messages else None
        if properties is None:
            return
        for path, values in ((properties.campaign, campaigns), (properties.variant, variant and (variant,))):
            if path is not None and values is not None:
                yield nodes.NOBODY if not values else nodes.Value(path_parts(path), nodes.OneOf(tuple(values)), origin)

    # --- what the campaign's definition says -------------------------------------------------------

    def _defined(self, name: str, origin: Span | None) -> Campaign | Faulty:
        campaign = self.lowering.settings.campaigns.get(name)
        if campaign is not None:
            return campaign
        return Faulty("missing-reference", f"there is no campaign named `{name}`", "define it, or fix the name", origin)

    def _converted(self, name: str, condition: CampaignCondition, place: Keys) -> Node:
        """One of the campaign's conversions, in its time after a message of it; the window is the conversion's."""
        origin = self.lowering.values.span(*place, "campaign")
        campaign = self._defined(name, origin)
        if isinstance(campaign, Faulty):
            return campaign
        if not campaign.conversions:
            hint = f"add `conversions` to `{name}`: `[{{event: purchase, within: 7d}}]`"
            return Faulty("no-conversions", f"the campaign `{name}` does not say what a conversion is", hint, origin)
        one = condition.model_copy(update={"campaign": name})
        sent = self._messages(one, "sent", nodes.Window(), place)
        window = self.lowering.window(condition, place)
        return _any(tuple(_conversion(sent, conversion, window) for conversion in campaign.conversions))

    def _in_control(self, name: str, origin: Span | None) -> Node:
        """In the audience, with a variant that is a control."""
        campaign = self._defined(name, origin)
        if isinstance(campaign, Faulty):
            return campaign
        shares = [nodes.Share(name, *limits) for limits, variant in _shares(campaign.variants or []) if variant.control]
        if not shares:
            hint = "mark one of its variants: `control: true`"
            return Faulty("no-control", f"the campaign `{name}` has no control group", hint, origin)
        return All((nodes.Reference("campaign", name, origin), _any(tuple(shares))))

    # --- engagement -----------------------------------------------------------------------------------

    def engagement(self, condition: EngagementCondition, place: Keys) -> Node:
        """A level of engagement."""
        origin = self.lowering.values.span(*place, "engagement")
        messages = self.lowering.settings.messages
        if messages is None or messages.email is None:
            hint = "say in segctl.yaml which events are e-mails: `messages: {email: {sent: email_sent, ...}}`"
            return Faulty("no-messages", "the project names no e-mails", hint, origin)
        properties = messages.properties
        if properties is None or properties.message is None:
            hint = "say in segctl.yaml which property it is: `messages: {properties: {message: message_id}}`"
            return Faulty("no-messages", "it is not known which e-mail was opened", hint, origin)
        responses = tuple(name for name in (messages.email.opened, messages.email.clicked) if name is not None)
        rules = self.lowering.settings.engagement
        low, high = _cuts(condition.engagement, share_of(rules.most), share_of(rules.somewhat))
        return nodes.Engagement(
            messages.email.sent, tuple(sorted(set(responses))), path_parts(properties.message),
            duration_us(rules.lookback), previous=condition.period == "previous",
            none=condition.engagement == "everyone_else", low=low, high=high, origin=origin,
        )  # fmt: skip


def _cuts(level: str, most: Decimal, somewhat: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """From which share, and below which."""
    return {"most": (most, None), "somewhat": (somewhat, most), "least": (None, somewhat)}.get(level, (None, None))


def _conversion(sent: nodes.Rows, conversion: Conversion, window: nodes.Window) -> nodes.Sequence:
    rows = nodes.Rows(Names((conversion.event,)), nodes.Everyone(), window, sent.origin)
    return nodes.Sequence((nodes.Step(sent), nodes.Step(rows, within_us=duration_us(conversion.within))), None)


def _shares(variants: list[Variant]) -> Iterator[tuple[tuple[int, int], Variant]]:
    """From which bucket to which each variant goes, the last not included."""
    low = Decimal(0)
    for variant in variants:
        high = low + Decimal(variant.percent)
        yield (int(low * BUCKETS_PER_PERCENT), int(high * BUCKETS_PER_PERCENT)), variant
        low = high


def _at_least_once(rows: nodes.Rows) -> Node:
    return nodes.EventTest(rows, nodes.Measure(MeasureKind.COUNT), DEFAULT_COUNT, rows.origin)


def _all(parts: tuple[Node, ...]) -> Node:
    if not parts:
        return nodes.Everyone()
    return parts[0] if len(parts) == 1 else All(parts)


def _any(parts: tuple[Node, ...]) -> Node:
    if not parts:
        return nodes.NOBODY
    return parts[0] if len(parts) == 1 else Any(parts)
