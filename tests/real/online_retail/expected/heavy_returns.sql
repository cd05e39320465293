SELECT user_id FROM returned GROUP BY user_id HAVING sum(amount) <= -49.95
