WITH spent AS (SELECT user_id, sum(amount)::DOUBLE / count(DISTINCT invoice) AS value FROM line GROUP BY user_id)
SELECT user_id FROM spent WHERE value <= (SELECT value FROM spent ORDER BY value LIMIT 1 OFFSET 49)
