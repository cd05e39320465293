SELECT user_id FROM line WHERE t >= london('2011-03-01') GROUP BY user_id HAVING sum(amount) >= 300
