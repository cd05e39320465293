"""Random data for tests of any part: `random_case(Random(seed))`, or the Hypothesis strategy `cases`.

A case is a whole small world in plain Python: a schema, users with their events, catalogues, lists, and
an as_of. Values cluster at the edges that conditions are about: the very instants of windows and local
midnights, numbers that no double holds, texts that differ in case only, missing values, empty lists.
`tests.language` writes random definitions over it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from segctl.logic import times
from segctl.logic.interpret import Catalog, Row, User, World
from segctl.logic.types import CatalogSchema, ListOf, Scalar, Schema, Struct, Type

DAY_US = times.DAY_US
HOUR_US = DAY_US // 24

ZONES_AND_DATES = (
    ("Europe/Paris", "2026-03-29"),  # summer time begins
    ("Europe/Paris", "2025-10-26"),  # and ends
    ("America/St_Johns", "2011-11-06"),  # the clocks go back a minute past midnight
    ("America/Sao_Paulo", "2018-11-04"),  # a midnight that does not exist
    ("Pacific/Apia", "2011-12-30"),  # a whole day that does not exist
    ("Africa/Casablanca", "2026-02-15"),  # summer time pauses
    ("Asia/Kathmandu", "2026-01-01"),
    ("UTC", "2026-11-22"),
    ("Europe/London", "2024-02-27"),  # a leap year, and its 29 February
    ("Australia/Lord_Howe", "2024-04-07"),  # half an hour of summer time ends
    ("UTC", "2023-12-27"),  # the year's end, into a leap year
)

TEXTS = ("FR", "fr", "BE", "NO", "", "F", "FRA", "Ünï", "ÜNÏ", "ΣΑΣ", "σας", "İx", "ß", "red shoe", "Red", "1", "true")
INTEGERS = (0, 1, 2, 17, 18, 19, 42, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63))
DOUBLES = (
    0.0,
    -0.0,
    0.1,
    0.3,
    0.30000000000000004,
    1.0,
    2.5,
    3.0,
    -1.5,
    18.0,
    2.0**53,
    1e300,
    5e-324,
    math.inf,
    -math.inf,
)
AMOUNTS = (0.1, 0.2, 0.3, 19.99, -5.0, 0.0, 100.0, 0.0000005, 0.0000015, -0.0000025, 1e6, 1 / 3)
QUANTITIES = (0, 1, 2, 3, -1, 10**9)

VERSIONS = (
    "1.2", "v1.2.0", "1.2.0+7", "1.10", "1.9.9", "2", "2.0.0-beta", "2.0.0-beta.2", "2.0.0-beta.11", "2.0.0-rc.1",
    "1.2.3.4", "0", "", "latest", "1.", "v", "1.2 ", "01.2", "1.2-", "99999999999999999999.1", "1.2.0-0",
)  # fmt: skip
LATITUDES = (0.0, -0.0, 48.8566, 48.9, 48.85, 90.0, -90.0, 90.00001, 91.0, -23.5, 12.25)
LONGITUDES = (0.0, 2.3522, 2.5, 2.2, 180.0, -180.0, 180.5, 179.9999, -179.9999, -46.6, 12.25)
MESSAGE_IDS = ("m1", "m2", "m3", "m4", "M1", "")
CAMPAIGNS = ("win_back", "welcome", "Soldes d'été", "win_back ", "")
VARIANTS = ("a", "b", "control")

PRODUCT_IDS = (1, 2, 3, 4, 5)
IDS = (
    "u1",
    "u2",
    "007",
    "7",
    "1.0",
    "17850",
    "ünïcödé",
    "日本",
    "with space",
    "a,b",
    'quo"te',
    "😀",
    "U1",
    "null",
    "-0",
    "x" * 40,
)

GIVEN = (("list", "beta"), ("list", "nobody_knows"), ("extension", "red_shoes"))
"""Memberships that every case has."""


@dataclass(frozen=True)
class Case:
    """A small world. `orphans` are events without a user, or of users outside the population."""

    schema: Schema
    users: Sequence[User]
    orphans: Sequence[tuple[str | None, Row]]
    world: World
    pools: Mapping[Scalar, Sequence[object]]
    settings: Mapping[str, Any]

    @property
    def as_of_us(self) -> int:
        """The instant of evaluation."""
        return self.world.as_of_us


ADDRESS = Struct({"city": Scalar.STRING, "zip": Scalar.STRING, "geo": Struct({"lat": Scalar.FLOAT})})
PLACE = Struct({"lat": Scalar.FLOAT, "lon": Scalar.FLOAT})
DEVICE = Struct({
    "os": Scalar.STRING, "version": Scalar.STRING, "seen": Scalar.TIME, "bought": Scalar.DATE, "push": Scalar.BOOL,
    "price": Scalar.FLOAT, "quantity": Scalar.INT, "screen": Struct({"size": Scalar.INT}),
    "labels": ListOf(Scalar.STRING), "place": PLACE,
})  # fmt: skip
USERS: Mapping[str, Type] = {
    "country": Scalar.STRING,
    "st.name": Scalar.STRING,
    "age": Scalar.INT,
    "score": Scalar.FLOAT,
    "vip": Scalar.BOOL,
    "born": Scalar.DATE,
    "signup": Scalar.TIME,
    "address": ADDRESS,
    "tags": ListOf(Scalar.STRING),
    "lucky": ListOf(Scalar.INT),
    "ratios": ListOf(Scalar.FLOAT),
    "holidays": ListOf(Scalar.DATE),
    "logins": ListOf(Scalar.TIME),
    "consents": ListOf(Scalar.BOOL),
    "devices": ListOf(DEVICE),
    "stays": ListOf(PLACE),
    "past_version": ListOf(Scalar.STRING),
    "app": Struct({"version": Scalar.STRING}),
    "home": PLACE,
    "work_lat": Scalar.FLOAT,
    "work_lon": Scalar.FLOAT,
}
PURCHASE: Mapping[str, Type] = {
    "amount": Scalar.FLOAT,
    "quantity": Scalar.INT,
    "color": Scalar.STRING,
    "gift": Scalar.BOOL,
    "deliver_on": Scalar.DATE,
    "paid_at": Scalar.TIME,
    "labels": ListOf(Scalar.STRING),
    "basket": Struct({"size": Scalar.INT}),
    "items": ListOf(Struct({"color": Scalar.STRING, "quantity": Scalar.INT, "amount": Scalar.FLOAT})),
    "shop": Struct({"lat": Scalar.FLOAT, "lon": Scalar.FLOAT}),
}
MESSAGE: Mapping[str, Type] = {
    "message_id": Scalar.STRING,
    "campaign": Scalar.STRING,
    "variant": Scalar.STRING,
}
EVENTS: Mapping[str, Mapping[str, Type]] = {
    "purchase": PURCHASE,
    "refund": {"amount": Scalar.INT, "quantity": Scalar.INT, "color": Scalar.STRING},
    "visit": {"color": Scalar.STRING, "seconds": Scalar.INT, "version": Scalar.STRING},
    "lead_web": {"quantity": Scalar.INT},
    "lead_shop": {},
    "odd name é": {"color": Scalar.STRING},
    "email_sent": MESSAGE,
    "email_opened": MESSAGE,
    "email_clicked": MESSAGE,
    "email_unsubscribed": MESSAGE,
    "push_sent": MESSAGE,
    "push_opened": MESSAGE,
}
RESPONSES = {"email_sent": ("email_opened", "email_clicked", "email_unsubscribed"), "push_sent": ("push_opened",)}
"""What may follow a message."""

SETTINGS: Sequence[Mapping[str, Any]] = (
    {
        "messages": {
            "email": {"sent": "email_sent", "opened": "email_opened", "clicked": "email_clicked",
                      "unsubscribed": "email_unsubscribed"},
            "push": {"sent": "push_sent", "opened": "push_opened"},
            "properties": {"message": "message_id", "campaign": "campaign", "variant": "variant"},
        },
        "active": {"events": ["purchase", "visit", "nothing"]},
    },
    {
        "messages": {
            "email": {"sent": "email_sent", "opened": "email_opened", "clicked": "email_clicked",
                      "unsubscribed": "email_unsubscribed"},
            "push": {"sent": "push_sent"},
            "properties": {"message": "message_id", "campaign": "campaign", "variant": "variant"},
        },
        "engagement": {"lookback": "14d", "most": "66.67%", "somewhat": "33%"},
    },
)  # fmt: skip
"""What the project file says beside its data."""
PRODUCT: Mapping[str, Type] = {
    "category": Scalar.STRING,
    "price": Scalar.FLOAT,
    "stock": Scalar.INT,
    "launched": Scalar.DATE,
    "sold_out": Scalar.BOOL,
}


def random_case(rng: Random, users: int = 12) -> Case:
    """A world with about this many users, and about five events each."""
    zone, day = rng.choice(ZONES_AND_DATES)
    as_of = times.day_start(times.day_number(date.fromisoformat(day)) + rng.choice([0, 0, 1, 2, 7]), zone)
    as_of += rng.choice([0, 0, 1, -1, 9 * HOUR_US, rng.randrange(2 * DAY_US)])
    pools = _pools(as_of, zone)
    key_type = rng.choice([Scalar.INT, Scalar.STRING, Scalar.FLOAT])
    with_product = ("purchase", *rng.sample(["refund", "visit"], rng.randint(0, 2)))
    events = {name: {**p, "product_id": key_type} if name in with_product else dict(p) for name, p in EVENTS.items()}
    catalogs = {"product": CatalogSchema(("product_id",), "product_id", PRODUCT)}
    schema = Schema(zone, USERS, events, catalogs)
    ids = rng.sample(IDS, min(users, len(IDS))) + [f"user{n}" for n in range(users - len(IDS))]
    rows = {str(key): _fields(rng, PRODUCT, pools) for key in PRODUCT_IDS if rng.random() < 0.8}
    given = {key: frozenset(rng.sample(ids, rng.randint(0, len(ids)))) for key in GIVEN}
    return Case(
        schema=schema,
        users=[User(i, _fields(rng, USERS, pools), _events(rng, schema, pools)) for i in ids],
        orphans=[(rng.choice([None, "nobody"]), row) for row in _events(rng, schema, pools)],
        world=World(as_of, {"product": Catalog(("product_id",), rows)}, given),
        pools=pools,
        settings=rng.choice(SETTINGS),
    )


cases = st.integers(0, 2**32 - 1).map(lambda seed: random_case(Random(seed)))  # noqa: S311 not for secrets
"""Whole worlds; a failing one is named by its seed, it does not shrink."""


def _pools(as_of: int, zone: str) -> dict[Scalar, Sequence[object]]:
    """The values of each type; those of dates and times lie at the edges of windows."""
    today = times.local_day(as_of, zone)
    days = [today + n for n in (-400, -31, -30, -29, -8, -7, -6, -3, -2, -1, 0, 1, 2, 6, 7, 8, 40)]
    days += _yearly(today)
    edges = [as_of - n * DAY_US for n in (60, 30, 14, 7, 1, 0, -1, -7)]
    edges += [as_of - n * HOUR_US for n in (36, 12, 2)]
    edges += [times.day_start(day, zone) for day in days[1:17]]
    edges += [monday - n * DAY_US for monday in _mondays(today, zone) for n in (0, 1, 14, 90)]
    instants = [edge + n for edge in edges for n in (-1, 0, 0, 1)]
    instants += [as_of - n * DAY_US // 7 for n in range(1, 60)]
    return {
        Scalar.BOOL: (True, False),
        Scalar.INT: INTEGERS,
        Scalar.FLOAT: DOUBLES,
        Scalar.STRING: TEXTS,
        Scalar.DATE: tuple(days),
        Scalar.TIME: tuple(instants),
    }


def _yearly(today: int) -> list[int]:
    """The days around today in other years, and those around the end of February and of the year."""
    now = date(1970, 1, 1) + timedelta(days=today)
    around = [now + timedelta(days=n) for n in (-7, -1, 0, 1, 6, 7)]
    same = [date(1996, day.month, day.day) for day in around]
    fixed = [date(2000, 2, 28), date(2000, 2, 29), date(1996, 2, 29), date(2001, 2, 28), date(2001, 3, 1)]
    return [times.day_number(day) for day in (*same, *fixed, date(1999, 12, 31), date(1970, 1, 1), date(1969, 12, 24))]


def _mondays(today: int, zone: str) -> list[int]:
    """The starts of this week and of the one before; 5 January 1970 was a Monday."""
    monday = today - (today - 4) % 7
    return [times.day_start(day, zone) for day in (monday, monday - 7)]


def _fields(rng: Random, types: Mapping[str, Type], pools: Mapping[Scalar, Sequence[object]]) -> dict[str, object]:
    """Values of these types; some fields are null."""
    return {name: _value(rng, name, kind, pools) for name, kind in types.items()}


def _value(rng: Random, name: str, kind: Type, pools: Mapping[Scalar, Sequence[object]]) -> object:
    if rng.random() < 0.15:
        return None
    if isinstance(kind, Struct):
        return _fields(rng, kind.fields, pools)
    if isinstance(kind, ListOf):
        return [_element(rng, name, kind.element, pools) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    return _scalar(rng, name, kind, pools) if isinstance(kind, Scalar) else None


def _element(rng: Random, name: str, kind: Type, pools: Mapping[Scalar, Sequence[object]]) -> object:
    if isinstance(kind, Struct):
        return None if rng.random() < 0.1 else _fields(rng, kind.fields, pools)
    return _scalar(rng, name, kind, pools) if isinstance(kind, Scalar) else None


def _scalar(rng: Random, name: str, kind: Scalar, pools: Mapping[Scalar, Sequence[object]]) -> object:
    if rng.random() < 0.05:
        return math.nan if kind is Scalar.FLOAT else None
    if name == "product_id":
        key = rng.choice((*PRODUCT_IDS, 99))
        return {Scalar.INT: key, Scalar.FLOAT: float(key)}.get(kind, str(key))
    if name in {"amount", "price"}:
        return rng.choice(AMOUNTS if kind is Scalar.FLOAT else QUANTITIES)
    if name in {"quantity", "seconds", "stock", "size"}:
        return rng.choice(QUANTITIES)
    special = _SPECIAL.get(name)
    if special is not None:
        return rng.choice(special)
    # the first few texts are frequent, so that conditions on them are neither always nor never true
    return rng.choice(TEXTS[:5] if kind is Scalar.STRING and rng.random() < 0.5 else pools[kind])


_SPECIAL: Mapping[str, Sequence[object]] = {
    "version": VERSIONS, "past_version": VERSIONS, "lat": LATITUDES, "lon": LONGITUDES,
    "work_lat": (*LATITUDES, math.inf), "work_lon": LONGITUDES,
    "message_id": MESSAGE_IDS, "campaign": (*CAMPAIGNS[:2], *CAMPAIGNS), "variant": VARIANTS,
}  # fmt: skip


def _messages(rng: Random, schema: Schema, pools: Mapping[Scalar, Sequence[object]]) -> list[Row]:
    """Messages and what followed them, mostly under the same id."""
    found: list[Row] = []
    for _ in range(rng.choice([0, 0, 1, 3, 6])):
        name = rng.choice(("email_sent", "email_sent", "push_sent"))
        sent = _event(rng, name, schema, pools)
        found.append(sent)
        for response in RESPONSES[name]:
            if rng.random() < 0.4:
                made = _event(rng, response, schema, pools)
                same = {**made.properties, "message_id": sent.properties["message_id"]}
                later = sent.time_us + rng.choice([0, 1, HOUR_US, DAY_US, 7 * DAY_US, -1])
                found.append(Row(response, later if rng.random() < 0.7 else made.time_us, same))
    return found


def _event(rng: Random, name: str, schema: Schema, pools: Mapping[Scalar, Sequence[object]]) -> Row:
    instant = rng.choice(pools[Scalar.TIME])
    assert isinstance(instant, int)
    return Row(name, instant, _fields(rng, schema.events[name], pools))


def _events(rng: Random, schema: Schema, pools: Mapping[Scalar, Sequence[object]]) -> list[Row]:
    """Rows in no order; some at the same instant, some not yet seen."""
    found: list[Row] = []
    for _ in range(rng.choice([0, 1, 2, 4, 8, 12])):
        made = _event(rng, rng.choice((*_FREQUENT, *schema.events)), schema, pools)
        if found and rng.random() < 0.4:  # at the same instant as the row before, or as late as a limit allows
            made = Row(made.name, found[-1].time_us + rng.choice(STEPS), made.properties)
        found.append(made)
    return found + _messages(rng, schema, pools)


STEPS = (
    0,
    0,
    0,
    0,
    1,
    -1,
    45_000_000,
    HOUR_US,
    HOUR_US + 1,
    12 * HOUR_US,
    DAY_US,
    DAY_US + 1,
    36 * HOUR_US,
    7 * DAY_US,
)
_FREQUENT = ("purchase", "purchase", "purchase", "purchase", "visit", "visit", "refund")
