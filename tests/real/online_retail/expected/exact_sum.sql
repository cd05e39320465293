SELECT user_id FROM line WHERE amount > 0 GROUP BY user_id HAVING sum(amount) = 76.32
