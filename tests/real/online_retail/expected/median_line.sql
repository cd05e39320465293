SELECT user_id FROM (SELECT user_id, list_sort(list(amount)) AS a, count(*) AS n FROM line GROUP BY user_id)
WHERE a[(n + 1) // 2] + a[n // 2 + 1] >= 29.70
