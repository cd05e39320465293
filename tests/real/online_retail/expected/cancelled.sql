SELECT user_id FROM line WHERE invoice LIKE 'C%' GROUP BY user_id HAVING count(DISTINCT invoice) >= 2
