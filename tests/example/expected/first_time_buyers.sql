SELECT user_id FROM events WHERE event = 'purchase' GROUP BY user_id
HAVING count(DISTINCT order_id) = 1 AND min(ts) >= ago(45)
EXCEPT SELECT user_id FROM events WHERE event = 'return'
