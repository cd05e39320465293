WITH buyer AS (
    SELECT user_id, max(t) AS r, sum(amount) AS m FROM line WHERE t >= ago(24 * 60) GROUP BY user_id
), ordered AS (
    SELECT count(*) AS n, list_sort(list(r)) AS r, list_sort(list(m)) AS m FROM buyer
), cut AS (
    SELECT r[ceil(n * q / 4)::BIGINT] AS r, m[ceil(n * q / 4)::BIGINT] AS m
    FROM ordered, (VALUES (1), (2), (3)) AS quarter (q)
), score AS (
    SELECT user_id, count(*) FILTER (buyer.r > cut.r) AS r, count(*) FILTER (buyer.m > cut.m) AS m
    FROM buyer, cut GROUP BY user_id
)
SELECT user_id FROM score WHERE r = 3 AND m <= 1
