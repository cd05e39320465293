SELECT user_id FROM events WHERE event = 'purchase' GROUP BY user_id HAVING count(*) >= 3 AND max(amount) <= 40
