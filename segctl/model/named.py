"""What every named resource may say about itself."""

from __future__ import annotations

from pydantic import Field, StrictBool, StrictStr

from segctl.model.values import Model, Name, Text


class Moved(Model):
    """A new name for an applied definition."""

    from_: Name = Field(alias="from", description="The previous name; members and history are kept.")


class Resource(Model):
    """What every named resource may say about itself; none of it changes a membership."""

    name: Name = Field(description="The name; with the kind it is the identity.")
    description: StrictStr | None = Field(None, description="What this definition is for.")
    owner: Text | None = Field(None, description="The team that owns it.")
    tags: list[Text] = Field(default_factory=list, description="Tags, for selecting definitions.")
    protect: StrictBool = Field(
        False, description="Refuse to remove the definition until an apply has set this to false."
    )
    archived: StrictBool = Field(
        False, description="Stop publishing the definition; the file and its history are kept."
    )
    moved: Moved | None = Field(None, description="Declares a rename; it may stay after the rename is applied.")
