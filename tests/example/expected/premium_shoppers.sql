SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(730) GROUP BY user_id
HAVING sum(amount::DECIMAL(18, 6)) >= 150 * count(amount) AND max(amount) >= 300
