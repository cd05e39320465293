SELECT user_id FROM line WHERE t >= midnight(60) GROUP BY user_id HAVING count(DISTINCT day) >= 3
