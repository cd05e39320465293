SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(730)
GROUP BY user_id
HAVING sum(amount::DECIMAL(18, 6)) / count(DISTINCT order_id) >= 250 AND count(DISTINCT order_id) BETWEEN 1 AND 3
