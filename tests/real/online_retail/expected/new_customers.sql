SELECT user_id FROM line GROUP BY user_id HAVING min(t) >= ago(30 * 24)
