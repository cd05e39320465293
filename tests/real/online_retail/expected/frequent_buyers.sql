SELECT user_id FROM bought GROUP BY user_id HAVING count(DISTINCT invoice) >= 5
