SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(365) GROUP BY user_id
HAVING sum(amount::DECIMAL(18, 6)) > 750
