"""What every named resource may say about itself."""

from __future__ import annotations

from pydantic import Field, StrictBool, StrictStr

from segctl.model.values import Model, Name, Text


class Moved(Model):
    """A new name for what is applied already."""

    from_: Name = Field(alias="from", description="The name that it had; its members and its history move along.")


class Resource(Model):
    """What every named resource may say about itself; none of it changes a membership."""

    name: Name = Field(description="The name; with the kind it is the identity.")
    description: StrictStr | None = Field(None, description="What it is for, for people.")
    owner: Text | None = Field(None, description="The team that owns it.")
    tags: list[Text] = Field(default_factory=list, description="Words for selecting definitions.")
    protect: StrictBool = Field(False, description="Refuse its removal until an apply has cleared this.")
    archived: StrictBool = Field(
        False, description="Keep it in the file and its history in the state, and stop publishing it."
    )
    moved: Moved | None = Field(None, description="That it was renamed; harmless once that has been applied.")
