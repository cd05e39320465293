WITH spent AS (SELECT user_id, sum(amount) AS value FROM line GROUP BY user_id)
SELECT user_id FROM spent WHERE value >= (
    SELECT value FROM spent ORDER BY value DESC LIMIT 1 OFFSET (SELECT ceil(count(*) / 50) - 1 FROM spent)
)
