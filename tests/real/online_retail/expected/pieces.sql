SELECT user_id FROM line WHERE t >= ago(120 * 24) GROUP BY user_id HAVING sum(quantity) >= 600
