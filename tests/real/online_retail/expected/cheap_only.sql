SELECT user_id FROM line GROUP BY user_id HAVING max(price) <= 4.95
