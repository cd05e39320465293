SELECT user_id FROM line GROUP BY user_id HAVING max(t) < ago(60 * 24)
