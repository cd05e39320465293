SELECT user_id FROM line GROUP BY user_id HAVING count(*) BETWEEN 1 AND 3
