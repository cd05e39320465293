"""Records and heads as canonical JSON, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from segctl.diagnostics import SegctlError
from segctl.load.document import Key
from segctl.state import canonical, instants
from segctl.state.record import (
    ERASED_FORMAT,
    FORMAT,
    Author,
    Definition,
    Head,
    Override,
    Record,
    Snapshot,
    Trait,
    Traits,
)
from segctl.state.written_parts import evaluated_from, evaluated_json, held_from, held_json

T = TypeVar("T")
Json = Mapping[str, Any]


class Unreadable(Exception):
    """These bytes are not what they should be; the text says why."""


def write_head(head: Head) -> bytes:
    """`head.json`."""
    body: dict[str, object] = {
        "lineage": head.lineage, "serial": head.serial, "record": head.record, "fence": head.fence,
        **({"kept": head.kept} if head.kept > 1 else {}),
        **({"erasures": head.erasures, "tombstones": head.tombstones} if head.erasures else {}),
    }  # fmt: skip
    digest = canonical.digest(canonical.encode(body))
    version = ERASED_FORMAT if head.erasures else FORMAT
    return canonical.encode({"format_version": version, "digest": digest, **body})


def read_head(data: bytes) -> Head:
    """The head that `write_head` wrote; `Unreadable` if it did not."""

    def parse(file: Json) -> Head:
        head = Head(
            str(file["lineage"]), int(file["serial"]), str(file["record"]),
            fence=int(file.get("fence", 0)), kept=int(file.get("kept", 1)),
            erasures=int(file.get("erasures", 0)), tombstones=str(file.get("tombstones", "")),
        )  # fmt: skip
        if "digest" in file and canonical.decode(write_head(head))["digest"] != file["digest"]:
            raise Unreadable("its content does not match its digest")
        return head

    return _read(data, parse, ERASED_FORMAT)


def write_record(record: Record) -> tuple[bytes, str]:
    """The bytes of a record's file, which hold its digest, and the digest."""
    body = _record_json(record)
    digest = canonical.digest(canonical.encode(body))
    return canonical.encode({"digest": digest, "format_version": FORMAT, "record": body}), digest


def read_record(data: bytes) -> tuple[Record, str]:
    """The record that `write_record` wrote, and its digest; `Unreadable` if one byte of it is another."""

    def parse(file: Json) -> tuple[Record, str]:
        if canonical.digest(canonical.encode(file["record"])) != file["digest"]:
            raise Unreadable("its content does not match its digest")
        return _record(file["record"]), file["digest"]

    return _read(data, parse)


def _read(data: bytes, parse: Callable[[Json], T], known: int = FORMAT) -> T:
    try:
        file = canonical.decode(data)
        if file["format_version"] > known:
            raise SegctlError(
                f"the state was written by a newer segctl (format {file['format_version']}, known here: {known})",
                hint="update segctl",
            )
        return parse(file)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("it is torn or not segctl's") from error


def _record_json(record: Record) -> Json:
    return {
        "serial": record.serial,
        "lineage": record.lineage,
        "operation": record.operation,
        "as_of": instants.to_text(record.as_of_us),
        "created": instants.to_text(record.created_us),
        "author": _author_json(record.author),
        "project": record.project,
        "definitions": {_name(k): vars(d) for k, d in record.definitions.items()},
        "snapshots": {_name(k): _snapshot_json(s) for k, s in record.snapshots.items()},
        "population": record.population,
        "data": record.data,
        "fingerprints": record.fingerprints,
        "changes": {_name(k): action for k, action in record.changes.items()},
        "archived": {_name(k): serial for k, serial in record.archived.items()},
        "previous": record.previous,
        **({} if record.traits is None else {"traits": _traits_json(record.traits)}),
        **({} if record.plan is None else {"plan": record.plan}),
        **({"overrides": [_override_json(one) for one in record.overrides]} if record.overrides else {}),
        **({"nonce": record.nonce} if record.nonce else {}),
        **({} if record.restores is None else {"restores": record.restores}),
        **({"former": _former_json(record.former)} if record.former else {}),
        **({"held": {_name(k): held_json(one) for k, one in record.held.items()}} if record.held else {}),
        **({"evaluated": evaluated_json(record.evaluated)} if record.evaluated else {}),
    }


def _record(body: Json) -> Record:
    return Record(
        serial=int(body["serial"]),
        lineage=body["lineage"],
        operation=body["operation"],
        as_of_us=instants.from_text(body["as_of"]),
        created_us=instants.from_text(body["created"]),
        author=Author(**body["author"]),
        project=body["project"],
        definitions=_by_key(body["definitions"], lambda d: Definition(**d)),
        snapshots=_by_key(body["snapshots"], _snapshot),
        population=body["population"],
        data=body["data"],
        fingerprints=body["fingerprints"],
        changes=_by_key(body["changes"], str),
        archived=_by_key(body["archived"], int),
        previous=body["previous"],
        traits=_traits(body["traits"]) if "traits" in body else None,
        plan=body.get("plan"),
        overrides=tuple(Override(**one) for one in body.get("overrides", ())),
        nonce=body.get("nonce", ""),
        restores=body.get("restores"),
        former=_by_key(body.get("former", {}), _former),
        held=_by_key(body.get("held", {}), held_from),
        evaluated=evaluated_from(body.get("evaluated", {})),
    )


def _author_json(author: Author) -> Json:
    run = {} if author.run is None else {"run": author.run}
    return {"who": author.who, "host": author.host, "commit": author.commit, **run}


def _override_json(override: Override) -> Json:
    given = {"by": override.by, "source": override.source}
    return {"rule": override.rule, "name": override.name, "reason": override.reason, **_present(given)}


def _present(texts: Mapping[str, str]) -> Json:
    return {name: text for name, text in texts.items() if text}


def _snapshot_json(snapshot: Snapshot) -> Json:
    return {
        "serial": snapshot.serial,
        "as_of": instants.to_text(snapshot.as_of_us),
        "population": snapshot.population,
        "membership": snapshot.membership,
        "members": snapshot.members,
        "entered": snapshot.entered,
        "exited": snapshot.exited,
        "reassigned": snapshot.reassigned,
        "variants": [{"name": name, "members": members} for name, members in snapshot.variants],
    }


def _snapshot(written: Json) -> Snapshot:
    rest = {k: v for k, v in written.items() if k not in {"as_of", "variants"}}
    variants = tuple((v["name"], v["members"]) for v in written["variants"])
    return Snapshot(as_of_us=instants.from_text(written["as_of"]), variants=variants, **rest)


def _traits_json(traits: Traits) -> Json:
    columns = {
        name: {
            "serial": t.serial, "as_of": instants.to_text(t.as_of_us), "users": t.users, "changed": t.changed,
            **({} if t.column is None else {"column": t.column}),
        }
        for name, t in traits.columns.items()
    }  # fmt: skip
    return {"table": traits.table, "population": traits.population, "columns": columns}


def _traits(written: Json) -> Traits:
    columns = {
        name: Trait(t["serial"], instants.from_text(t["as_of"]), t["users"], t["changed"], t.get("column"))
        for name, t in written["columns"].items()
    }
    return Traits(written["table"], written["population"], columns)


def _former_json(former: Mapping[Key, tuple[tuple[str, int], ...]]) -> Json:
    return {_name(k): [{"name": name, "serial": serial} for name, serial in names] for k, names in former.items()}


def _former(written: Sequence[Json]) -> tuple[tuple[str, int], ...]:
    return tuple((one["name"], int(one["serial"])) for one in written)


def _name(key: Key) -> str:
    return ".".join(key)


def _by_key(written: Json, parse: Callable[[Any], T]) -> dict[Key, T]:
    return {_key(name): parse(value) for name, value in sorted(written.items())}


def _key(name: str) -> Key:
    kind, _, rest = name.partition(".")
    return kind, rest
