SELECT user_id FROM line WHERE t < ago(2160) GROUP BY user_id HAVING count(*) >= 20
