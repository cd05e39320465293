SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(540) GROUP BY user_id
HAVING count(DISTINCT order_id) >= 3 AND max(ts) >= ago(240) AND max(ts) < ago(75)
