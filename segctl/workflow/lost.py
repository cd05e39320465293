"""What of the data that published resources read is gone since they were published: what guards look at and tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from segctl.index.summary import Summary, summary
from segctl.load.document import Document, Key
from segctl.logic.lower import lower, lower_trait
from segctl.logic.settings import Settings
from segctl.logic.uses import Sort, uses
from segctl.model.values import duration_us
from segctl.plan.losses import Loss, Reads, loss
from segctl.state.record import Record
from segctl.workflow.evaluate import Data

Links = Mapping[Key, Collection[Key]]


def summary_of(data: Data) -> Summary:
    """What the data hold as of the instant of an evaluation."""
    return summary(data.index, data.as_of_us, len(data.population))


@dataclass(frozen=True, eq=False)
class Sources:
    """The definitions that are evaluated, what each refers to, and what stands as published and reads nothing now."""

    documents: Mapping[Key, Document]
    settings: Settings
    links: Links
    given: Collection[Key] = ()

    def reads(self, key: Key) -> Reads:
        """The events that a resource reads, itself or through what it refers to."""
        found, waiting = {key}, [key]
        while waiting:
            further = [k for k in self.links.get(waiting.pop(), ()) if k not in found and k not in self.given]
            found.update(further)
            waiting += further
        events = {use for one in found for use in self._own(one)}
        written = self.documents[key].data.get("guards")
        silence = written.get("max_silence") if isinstance(written, Mapping) else None
        return Reads(
            frozenset(name for name, prefix in events if not prefix),
            frozenset(name for name, prefix in events if prefix),
            duration_us(str(silence)) if silence else None,
        )

    def _own(self, key: Key) -> Iterable[tuple[str, bool]]:
        document = self.documents.get(key)
        if document is None or key[0] in ("list", "policy", "test"):
            return ()
        meaning = lower_trait(document, self.settings) if key[0] == "trait" else lower(document, self.settings)
        return {(use.path[0], use.prefix) for use in uses(meaning) if use.sort is Sort.EVENT}


def lost(keys: Iterable[Key], sources: Sources, before: Record, now: Summary, zone: str) -> dict[Key, Loss]:
    """What is lost for each of these since its snapshot; of one that has none there is nothing to say."""
    published = {key: before.snapshots[key] for key in keys if key in before.snapshots}
    return {
        key: loss(before.evaluated.get(snapshot.serial), now, sources.reads(key), zone)
        for key, snapshot in published.items()
    }
