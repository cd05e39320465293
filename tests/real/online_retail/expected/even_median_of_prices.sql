SELECT user_id FROM (
    SELECT user_id, list_sort(list(price)) AS p, count(*) AS n FROM line WHERE t >= ago(24 * 120) GROUP BY user_id
) WHERE p[(n + 1) // 2] + p[n // 2 + 1] BETWEEN 3.30 AND 4.19
