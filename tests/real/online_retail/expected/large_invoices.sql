SELECT user_id FROM line GROUP BY user_id HAVING sum(amount)::DOUBLE / count(DISTINCT invoice) > 500
