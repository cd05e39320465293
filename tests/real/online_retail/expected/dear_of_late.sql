SELECT user_id FROM line WHERE t >= ago(60 * 24) GROUP BY user_id HAVING min(price) >= 1.65
