SELECT user_id FROM line WHERE t >= ago(90 * 24) GROUP BY user_id HAVING sum(amount) BETWEEN 250.50 AND 750.25
