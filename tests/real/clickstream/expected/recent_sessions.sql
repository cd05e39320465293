SELECT user_id FROM did WHERE t >= ago(30) GROUP BY user_id HAVING count(DISTINCT session) IN (2, 3)
