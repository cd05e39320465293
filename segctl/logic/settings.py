"""What the words of a definition mean in its project: which events are messages, who is active, what campaigns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.load.document import Document, Key
from segctl.load.project import Definitions, project_of
from segctl.model.project import Engagement, Messages, Project
from segctl.model.resources import Campaign


@dataclass(frozen=True)
class Settings:
    """The parts of a project that decide what conditions mean; `active` None is any event."""

    messages: Messages | None = None
    engagement: Engagement = field(default_factory=Engagement)
    active: tuple[str, ...] | None = None
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)


PLAIN = Settings()
"""A project that says nothing of these."""


def settings(project: Project, documents: Mapping[Key, Document]) -> Settings:
    """The settings of a project with these definitions."""
    events = project.active.events if project.active else "*"
    campaigns = {name: one.resource for (_, name), one in documents.items() if isinstance(one.resource, Campaign)}
    active = None if isinstance(events, str) else tuple(events)
    return Settings(project.messages, project.engagement or Engagement(), active, campaigns)


def settings_of(definitions: Definitions) -> Settings:
    """The settings of definitions as they were loaded.

    Raises:
        TypeError: the project's document is none.
    """
    return settings(project_of(definitions.project), definitions.documents)
