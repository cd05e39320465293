SELECT user_id FROM did WHERE t < auckland('2024-02-15') GROUP BY user_id HAVING count(DISTINCT day) > 1
