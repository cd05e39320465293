SELECT user_id FROM did GROUP BY user_id HAVING count(DISTINCT session) >= 8
