SELECT
    (SELECT max(ts) < TIMESTAMPTZ '2026-11-21 23:00:00Z' FROM every_event) AS nothing_after_the_export,
    (SELECT min(ts) >= TIMESTAMPTZ '2024-11-21 23:00:00Z' FROM every_event) AS nothing_before_the_two_years,
    (SELECT count(*) = 0 FROM events JOIN users USING (user_id) WHERE ts < date_trunc('second', joined))
        AS nothing_before_joining
