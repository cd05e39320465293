SELECT user_id FROM line GROUP BY user_id HAVING count(DISTINCT country) >= 2
