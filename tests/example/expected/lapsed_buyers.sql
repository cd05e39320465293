SELECT user_id FROM events WHERE event = 'purchase' GROUP BY user_id HAVING max(ts) < ago(240)
