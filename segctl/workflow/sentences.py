"""Definitions in words: the sentence that `show` says, and those of a plan, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from segctl.diagnostics import InvalidInput
from segctl.load.document import Document, restore
from segctl.load.project import Definitions
from segctl.logic.describe import describe, describe_trait
from segctl.logic.lower import lower, lower_implied, lower_trait
from segctl.logic.settings import Settings, settings_of
from segctl.model.policy import Policy
from segctl.model.wording import uncapitalised
from segctl.plan.compare import Difference
from segctl.plan.discretion import public
from segctl.plan.plan import Action, Reason, Saying, Words
from segctl.plan.policies_words import policy_words
from segctl.workflow.compared import Compared
from segctl.workflow.opened import applied

_WORDED = {Reason.LOGIC, Reason.METADATA, Reason.MOVED}
"""Reasons of an update that lie in the definition itself; else its words are as they were."""


def sentence(document: Document, around: Settings) -> str:
    """What a definition means; a list is its file."""
    if document.key[0] == "list":
        return f"the ids in the column `{document.data['id']}` of {document.data['path']}"
    if document.key[0] == "trait":
        return describe_trait(lower_trait(document, around))
    if isinstance(document.resource, Policy):
        condition = lower_implied(document, around)
        return policy_words(document.resource, uncapitalised(describe(condition)) if condition else "")
    return describe(lower(document, around))


def with_words(comparison: Compared) -> tuple[Difference, ...]:
    """The differences, each with what its definition said and says; the project's own says nothing."""
    wanted = [difference for difference in comparison.differences if _is_worded(difference)]
    now = comparison.project.definitions
    then = _definitions_before(comparison, wanted)
    after, before = settings_of(now), None if then is None else settings_of(then)
    words = {}
    for key, action in ((difference.key, difference.action) for difference in wanted):
        old = then.documents.get(key) if then and action is not Action.CREATE else None
        new = now.documents.get(key) if action is not Action.DELETE else None
        words[key] = Words(
            None if old is None or before is None else _saying(old, before),
            None if new is None else _saying(new, after),
        )
    return tuple(replace(one, words=words.get(one.key)) for one in comparison.differences)


def _is_worded(difference: Difference) -> bool:
    if difference.key[0] == "project":
        return False
    return difference.action is not Action.UPDATE or bool(_WORDED & set(difference.reasons))


def _definitions_before(comparison: Compared, wanted: Sequence[Difference]) -> Definitions | None:
    """What is applied; None where nothing of it is wanted, or this version cannot read it."""
    if comparison.before is None or all(difference.action is Action.CREATE for difference in wanted):
        return None
    try:
        return applied(comparison.project.definitions.root, comparison.before)
    except InvalidInput:
        return None


def _saying(document: Document, around: Settings) -> Saying:
    data, said = document.data, sentence(document, around)
    told = {key: public(value, key) for key, value in data.items()}
    return Saying(
        said,
        said if told == data else _public_sentence(told, around),
        _text(data.get("description")),
        _text(data.get("owner")),
    )


def _public_sentence(data: Mapping[str, object], around: Settings) -> str:
    """The sentence without what is hidden; empty where the rest makes no definition any more."""
    try:
        return sentence(restore(data), around)
    except InvalidInput:
        return ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
