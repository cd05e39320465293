SELECT user_id FROM net_revenue
WHERE value >= (SELECT value FROM net_revenue ORDER BY value DESC LIMIT 1 OFFSET (SELECT ceil(count(*) / 100) - 1 FROM users))
