"""Law 9: events of nobody, or of users outside the population, are left out and counted; ids are texts."""

from __future__ import annotations

from pathlib import Path

from tests.laws.shop import AS_OF, DAY, opened, us


def test_rows_of_nobody_are_left_out_and_counted(tmp_path: Path) -> None:
    time = us(AS_OF) - DAY
    users = ["known", "known", None, "stranger", "known", None, None]
    events = [{"user": user, "event": "e", "time": time} for user in users]
    shop = opened(tmp_path, [{"id": "known"}, {"id": "quiet"}], [events[:4], events[4:]])
    table = shop.data.index.report.tables["events[0]"]
    assert (table.rows, table.without_user, table.outside) == (7, 3, 1)
    assert shop.members({"event": "e", "count": {"exactly": 3}}) == {"known"}
    assert shop.members({"event": "e", "count": {"exactly": 0}}) == {"quiet"}


def test_an_integer_id_is_its_digits(tmp_path: Path) -> None:
    events = [{"user": "17850", "event": "e", "time": us(AS_OF) - DAY}]
    shop = opened(tmp_path, [{"id": 17850}, {"id": 7}], [events])
    assert shop.members({"event": "e"}) == {"17850"}
