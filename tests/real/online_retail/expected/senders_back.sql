SELECT user_id FROM returned GROUP BY user_id HAVING count(*) >= 3
