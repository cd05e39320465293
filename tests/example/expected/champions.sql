WITH buyer AS (
    SELECT user_id, max(ts) AS r, count(*) AS f, sum(amount::DECIMAL(18, 6)) AS m
    FROM events WHERE event = 'purchase' AND ts >= ago(365) GROUP BY user_id
), ordered AS (
    SELECT count(*) AS n, list(r ORDER BY r) AS r, list(f ORDER BY f) AS f, list(m ORDER BY m) AS m FROM buyer
), cut AS (
    SELECT r[ceil(n * share / 4)::BIGINT] AS r, f[ceil(n * share / 4)::BIGINT] AS f, m[ceil(n * share / 4)::BIGINT] AS m
    FROM ordered, (VALUES (1), (2), (3)) AS quarter (share)
), score AS (
    SELECT user_id, count(*) FILTER (buyer.r > cut.r) AS r, count(*) FILTER (buyer.f > cut.f) AS f,
        count(*) FILTER (buyer.m > cut.m) AS m
    FROM buyer, cut GROUP BY user_id
)
SELECT user_id FROM score WHERE r = 3 AND f >= 2 AND m >= 2
