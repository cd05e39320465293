"""The part of SARIF 2.1.0 that segctl writes, by hand from the standard (sections 3.13 to 3.49).

Like the standard's own schema it allows no property that it does not name, outside of property bags.
"""

from __future__ import annotations

from typing import Any


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_TEXT = {"type": "string", "minLength": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _object(["text"], text=_TEXT, markdown=_TEXT)
_RULE = _object(
    ["id"], id=_TEXT, shortDescription=_MESSAGE, fullDescription=_MESSAGE, help=_MESSAGE, properties={"type": "object"},
    defaultConfiguration=_object([], level=_LEVEL),
)  # fmt: skip
_REGION = _object(
    [], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}
)  # fmt: skip
_PLACE = _object(["uri"], uri={"type": "string", "format": "uri-reference", "pattern": r"^[^\s\\]+$"}, uriBaseId=_TEXT)
_LOCATION = _object(
    ["physicalLocation"], physicalLocation=_object(["artifactLocation"], artifactLocation=_PLACE, region=_REGION)
)
_RESULT = _object(
    ["message"], ruleId=_TEXT, ruleIndex={"type": "integer", "minimum": 0}, level=_LEVEL, message=_MESSAGE,
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    locations={"type": "array", "items": _LOCATION},
)  # fmt: skip
_NOTIFICATION = _object(["message"], message=_MESSAGE, level=_LEVEL)
_INVOCATION = _object(
    ["executionSuccessful"], executionSuccessful={"type": "boolean"},
    toolExecutionNotifications={"type": "array", "items": _NOTIFICATION},
)  # fmt: skip
_DRIVER = _object(["name"], name=_TEXT, version=_TEXT, rules={"type": "array", "uniqueItems": True, "items": _RULE})
_RUN = _object(
    ["tool"], tool=_object(["driver"], driver=_DRIVER), columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": _RESULT}, invocations={"type": "array", "items": _INVOCATION},
)  # fmt: skip
SARIF = _object(
    ["version", "runs"], version={"const": "2.1.0"}, runs={"type": "array", "items": _RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)  # fmt: skip
