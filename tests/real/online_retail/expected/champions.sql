WITH buyer AS (
    SELECT user_id, max(t) AS r, count(*) AS f, sum(amount) AS m FROM bought WHERE t >= ago(24 * 90) GROUP BY user_id
), ordered AS (
    SELECT count(*) AS n, list_sort(list(r)) AS r, list_sort(list(f)) AS f, list_sort(list(m)) AS m FROM buyer
), cut AS (
    SELECT r[ceil(n * q / 4)::BIGINT] AS r, f[ceil(n * q / 4)::BIGINT] AS f, m[ceil(n * q / 4)::BIGINT] AS m
    FROM ordered, (VALUES (1), (2), (3)) AS quarter (q)
), score AS (
    SELECT user_id, count(*) FILTER (buyer.r > cut.r) AS r, count(*) FILTER (buyer.f > cut.f) AS f,
        count(*) FILTER (buyer.m > cut.m) AS m
    FROM buyer, cut GROUP BY user_id
)
SELECT user_id FROM score WHERE (r = 3 AND f >= 2 AND m >= 2) OR (r >= 2 AND f >= 2 AND m >= 1)
