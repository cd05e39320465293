"""Definitions and the sentences they are read back as: tests/cases/sentences/*.yaml.

Each document of a file is a definition without kind and name (`where` and `exclude`, `from`, `audience`, `value` or
`formula`), and the `sentence` that `segctl show` says. All stand in a project that has messages, and a campaign
`win_back`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segctl.load.document import Document
from segctl.load.parse import parse
from segctl.logic.describe import describe, describe_trait
from segctl.logic.lower import lower, lower_trait
from segctl.logic.nodes import Expression, Node
from segctl.logic.settings import Settings, settings
from segctl.model.project import Project
from segctl.model.resources import KINDS

CASES = Path(__file__).resolve().parents[1] / "cases" / "sentences"
KIND_OF = {"where": "segment", "from": "extension", "audience": "campaign", "value": "trait", "formula": "trait"}
PROJECT = {
    "kind": "project", "name": "shop", "users": {"path": "users.csv", "id": "id"},
    "messages": {
        "email": {"sent": "email_sent", "opened": "email_opened", "clicked": "email_clicked"},
        "push": {"sent": "push_sent", "opened": "push_opened"},
        "properties": {"message": "message_id", "campaign": "campaign", "variant": "variant"},
    },
}  # fmt: skip
CAMPAIGN = {
    "kind": "campaign", "name": "win_back", "audience": {"include": ["lapsed_buyers"]},
    "variants": [{"name": "a", "percent": 90}, {"name": "control", "percent": 10, "control": True}],
    "schedule": {"every": "daily 09:00"}, "conversions": [{"event": "purchase", "within": "7d"}],
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One definition, where it stands, and its sentence."""

    place: str
    document: Document
    sentence: str

    @property
    def meaning(self) -> Node | Expression:
        """What the definition means."""
        around = _around()
        return lower_trait(self.document, around) if self.document.key[0] == "trait" else lower(self.document, around)

    def said(self) -> str:
        """The sentence that it gives."""
        around = _around()
        if self.document.key[0] == "trait":
            return describe_trait(lower_trait(self.document, around))
        return describe(lower(self.document, around))


def cases() -> Iterator[Case]:
    """All cases of all files."""
    for file in sorted(CASES.glob("*.yaml")):
        parsed = parse(file.read_text(encoding="utf-8"), file.name)
        if parsed.diagnostics:
            raise ValueError(f"{file}: {parsed.diagnostics}")
        for node in parsed.documents:
            written = dict(node.data)
            sentence = str(written.pop("sentence", ""))
            yield Case(f"{file.name}:{node.place[0]}", _document(written), sentence)


def _document(written: dict[str, Any]) -> Document:
    kind = KIND_OF[next(key for key in written if key in KIND_OF)]
    data = {"kind": kind, "name": "it", **written}
    if kind == "campaign":
        data = {"schedule": {"every": "daily 09:00"}, **data}
    return Document((kind, "it"), KINDS[kind].model_validate(data), data)


def _around() -> Settings:
    campaign = Document(("campaign", "win_back"), KINDS["campaign"].model_validate(CAMPAIGN), CAMPAIGN)
    return settings(Project.model_validate(PROJECT), {campaign.key: campaign})
