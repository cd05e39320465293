SELECT user_id FROM events WHERE event = 'return' AND ts >= ago(365) GROUP BY user_id
HAVING sum(quantity) >= 4 AND sum(amount::DECIMAL(18, 6)) > 300
